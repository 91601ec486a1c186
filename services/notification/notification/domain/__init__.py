"""What reporters are told, and when: pure."""
