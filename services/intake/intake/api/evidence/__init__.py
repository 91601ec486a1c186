"""Sending, listing, showing and removing evidence (证据材料)."""
