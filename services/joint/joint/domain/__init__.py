"""What an operation is: pure."""
