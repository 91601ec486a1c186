"""Connecting departments: a vhost, a login, a line at the gateway and an HTTP client for each."""
