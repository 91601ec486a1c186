"""What the registry knows and what must be true of a district. Pure."""
