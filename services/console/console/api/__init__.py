"""What leads to what: one file per step of the resident."""
