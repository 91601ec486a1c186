"""Whether a district is in order: every error with its file and line, found in one go."""
