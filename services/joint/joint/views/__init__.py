"""Reading operations."""
