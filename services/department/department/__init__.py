"""A reference department service written with the SDK."""
