"""The gateway's own metrics."""

from prometheus_client import Counter, Gauge

ITEMS = Counter(
    "civicgrid_gateway_items_total", "Items delivered to departments' inboxes", ["department"]
)
COMMANDS = Counter(
    "civicgrid_gateway_commands_total",
    "Departments' commands, by what became of them",
    ["department", "outcome"],
)
WAITING = Gauge(
    "civicgrid_gateway_pump_waiting", "1 while the pump waits, and for what", ["department", "for"]
)
LINE = Gauge("civicgrid_gateway_line_up", "1 while the department's vhost is read", ["department"])
