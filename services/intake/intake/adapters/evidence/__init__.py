"""Evidence: checked and cleaned in a process of its own, sealed, stored, and shown by links."""
