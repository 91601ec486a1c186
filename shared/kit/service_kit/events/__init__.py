"""The event layer on top of the bus: subscriptions, listener, quarantine, reconciliation."""
