"""The rules for duplicates over a city's past: how often they link, what they find, what not."""
