"""One use case per file: the command and how it is decided."""
