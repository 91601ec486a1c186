"""What is read: records by aggregate, postings by grid or person, the territory as a whole."""
