"""Facts and rates computed from events."""
