"""Walking the state machine at random: whatever anybody does, in whatever order."""
