"""What can be asked of an operation: one use case per file."""
