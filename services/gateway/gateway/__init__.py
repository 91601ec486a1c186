"""The departments' door: a broker vhost per department, and HTTP."""
