"""What can be asked of the notices of a case."""
