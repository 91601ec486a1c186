"""Console on the real intake."""
