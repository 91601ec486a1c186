"""The gateway's own metrics."""

import contextlib

from prometheus_client import Counter, Gauge

ITEMS = Counter(
    "civicgrid_gateway_items_total", "Items delivered to departments' inboxes", ["department"]
)
SENT = Gauge(
    "civicgrid_gateway_sent_cursor", "Up to which cursor the inbox is filled", ["department"]
)
COMMANDS = Counter(
    "civicgrid_gateway_commands_total",
    "Departments' commands, by what became of them",
    ["department", "outcome"],
)
HELD_BACK = ("vault_away", "charter_unknown", "fault")
"""Why the next item cannot be shown."""
WAITING = Gauge(
    "civicgrid_gateway_pump_waiting", "1 while the pump waits, and for what", ["department", "for"]
)
LINE = Gauge("civicgrid_gateway_line_up", "1 while the department's vhost is read", ["department"])
ISOLATED = Gauge(
    "civicgrid_gateway_line_isolated",
    "1 when the broker keeps our user in the department's vhost to its rights; 0: it is not used",
    ["department"],
)
FILE_READ = Gauge(
    "civicgrid_gateway_departments_file_read",
    "1 while the file of departments' addresses can be used; 0: the earlier ones go on",
)


def forget(department: str) -> None:
    """A department without a line has no figures of one."""
    for gauge in (LINE, ISOLATED, SENT):
        with contextlib.suppress(KeyError):  # never set
            gauge.remove(department)
    for reason in (*HELD_BACK, "broker"):
        with contextlib.suppress(KeyError):
            WAITING.remove(department, reason)
