"""Charter entries: proposed, granted, listed; and what nobody leads."""
