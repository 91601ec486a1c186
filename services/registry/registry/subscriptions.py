"""What the registry listens to: nothing. It is where a district's facts begin."""

from service_kit.events.subscriptions import Subscriptions

SUBSCRIPTIONS = Subscriptions("registry", [])
