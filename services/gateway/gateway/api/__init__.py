"""The gateway over HTTP, for departments without AMQP."""
