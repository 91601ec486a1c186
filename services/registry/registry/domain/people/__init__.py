"""Postings, secondments, contact groups and hand-overs: what is asked for, and what is told."""
