"""From what the services say to what a page shows."""
