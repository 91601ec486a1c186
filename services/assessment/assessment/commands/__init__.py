"""Publishing scores."""
