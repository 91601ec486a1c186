"""One use case per file: the command and the decision on it."""
