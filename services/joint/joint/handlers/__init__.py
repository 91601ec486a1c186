"""From messages to commands."""
