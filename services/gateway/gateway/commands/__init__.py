"""What departments ask for, checked and handed on."""
