"""What touches the world beyond the kit."""
