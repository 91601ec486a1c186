"""Evidence (证据材料): what it is, when two pieces are the same, what a file may say of itself."""
