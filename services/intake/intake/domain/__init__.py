"""What intake decides, purely: whether a report opens a case, and where it belongs."""
