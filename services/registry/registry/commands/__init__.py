"""What can be asked of the registry: one use case a file."""
