"""The world beyond the kit: departments' brokers, the vault, leases."""
