"""What the gateway decides: who may act, what a department may see. Pure."""
