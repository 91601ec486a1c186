"""HTTP, the same in every service: problem details, limits, health, operators' routes."""
