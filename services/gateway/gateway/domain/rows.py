"""The rows of the inbox log: what is kept of an event for a department, and nothing more.

``about`` is what a row is found by: the task or operation that it gives or takes a right to,
the forwarded command that it answers, or the case that it is a notice of. No row holds a
reporter's words, place or name.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict

INBOX = "fact_inbox"

ASSIGNED = "task.assigned"
WITHDRAWN = "task.withdrawn"
ANSWERED = "command.answered"
INVITED = "operation.invited"
PROGRESSED = "operation.progressed"
CONCLUDED = "operation.concluded"
NOTICE = "notice"


class Row(TypedDict):
    """Content of a row. ``department`` is None where the handler is a post: such a row ends
    other departments' rights. ``data`` holds the fields of the inbox item of this ``kind``."""

    kind: str
    about: str
    department: str | None
    assignment: NotRequired[int]
    case: NotRequired[str]
    charter: NotRequired[Mapping[str, Any] | None]
    traceparent: str | None
    data: Mapping[str, Any]


def text_of(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
