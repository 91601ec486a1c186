"""Every metric of a department's service, by its Prometheus name. Label ``department``
throughout; ``class`` is a matter's first part (part, event, hazard ...)."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from case_contracts.inbox import TaskItem

_SECONDS = (0.01, 0.1, 1, 10, 60, 300, 1800, 7200, 28800, 86400)

TASKS = Counter(
    "civicgrid_sdk_tasks_total",
    "Assignments by how they ended: completed, returned, need_help, refused (the outcome was),"
    " not_accepted, lease_lost, withdrawn, failed",
    ["department", "class", "outcome"],
)
HANDLER_SECONDS = Histogram(
    "civicgrid_sdk_handler_seconds",
    "One run of a handler, in real seconds",
    ["department", "class"],
    buckets=_SECONDS,
)
HANDLER_RETRIES = Counter(
    "civicgrid_sdk_handler_retries_total",
    "Handlers that raised and were called again",
    ["department", "class"],
)
OPEN_WORK = Gauge(
    "civicgrid_sdk_open_work", "Tasks and operations that are being worked on", ["department"]
)
ITEMS = Counter(
    "civicgrid_sdk_items_total",
    "Items of the inbox by kind; unknown: newer than this SDK",
    ["department", "kind"],
)
COMMANDS = Counter(
    "civicgrid_sdk_commands_total",
    "Answered commands by their answer: accepted, or the code of the refusal",
    ["department", "name", "code"],
)
RESENT = Counter(
    "civicgrid_sdk_resent_total",
    "Commands sent again, because no answer came or the line was down",
    ["department", "name"],
)
INBOX_READ = Gauge("civicgrid_sdk_inbox_read", "1 while the inbox is being read", ["department"])


def class_of(item: TaskItem) -> str:
    return item.matter.partition("/")[0]


def task_ended(item: TaskItem, outcome: str) -> None:
    TASKS.labels(item.department, class_of(item), outcome).inc()


@contextmanager
def served(port: int | None) -> Iterator[None]:
    """Answer ``GET /metrics`` there while the block lasts; raises OSError that says what to do."""
    if port is None:
        yield
        return
    try:
        server, thread = start_http_server(port)
    except OSError as error:
        raise OSError(f"CIVICGRID_METRICS_PORT={port}: {error}; take another port") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
