"""Joint operations of several departments."""
