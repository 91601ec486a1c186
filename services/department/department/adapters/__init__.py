"""The department's own store."""
