"""Bulk imports on a real store."""
