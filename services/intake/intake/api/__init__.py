"""HTTP in, command out."""
