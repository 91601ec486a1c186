"""Translating events into commands."""
