"""How a reference department behaves: read from a file, drawn from ids. Pure."""
