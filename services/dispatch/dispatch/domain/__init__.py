"""What dispatch knows and decides: pure, without I/O, clock or framework."""
