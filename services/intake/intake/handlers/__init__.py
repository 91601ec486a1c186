"""From events to commands and facts."""
