"""Grids, postings, charters, standards and calendars of a district."""
