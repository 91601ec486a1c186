"""Open311 GeoReport v2 against the running service."""
