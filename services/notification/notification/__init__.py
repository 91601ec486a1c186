"""Notices to reporters, in-app and by email."""
