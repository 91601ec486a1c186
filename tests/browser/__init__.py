"""What people do, in a real browser on a running system."""
