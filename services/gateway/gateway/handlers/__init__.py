"""Events to rows of the departments' inbox logs."""
