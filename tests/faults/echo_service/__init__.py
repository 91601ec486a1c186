"""A service as small as can be, run as a process of its own to be killed."""
