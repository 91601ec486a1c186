"""One module per group of commands; ``civicgrid.main`` is their table."""
