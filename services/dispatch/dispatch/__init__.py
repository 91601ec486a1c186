"""Tasks, clocks, verification and closing of cases."""
