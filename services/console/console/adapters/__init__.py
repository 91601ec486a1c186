"""The services that the pages ask, and the files that they serve."""
