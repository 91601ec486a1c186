"""Open311 GeoReport v2: the door for the apps and systems of others that speak it."""
