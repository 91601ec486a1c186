"""Reading facts."""
