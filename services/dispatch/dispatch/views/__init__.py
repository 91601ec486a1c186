"""Reading: cases, and why their deadlines are what they are."""
