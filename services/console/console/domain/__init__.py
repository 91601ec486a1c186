"""Rules of the pages, without I/O."""
