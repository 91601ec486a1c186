"""Changes of the territory: what a split, a merge, a new border... comes to, from what stands."""
