"""Translating other services' events."""
