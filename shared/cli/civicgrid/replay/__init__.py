"""Replaying reports: sent as people send them, and the people of the district played besides."""
