"""What is read: the inbox, and the rights that its rows prove."""
