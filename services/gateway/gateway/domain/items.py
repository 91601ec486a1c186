"""From a row of the log to the item that a department gets: field by field, never more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from case_contracts.inbox import INBOX_ITEM, InboxItem
from case_contracts.values import Point
from gateway.domain.attachments import Evidence, attachments
from gateway.domain.rows import ASSIGNED, WITHDRAWN


@dataclass(frozen=True)
class Words:
    """What only the handler may know of a report: the words, the exact place, the evidence."""

    text: str | None = None
    point: Point | None = None
    evidence: Evidence = field(default_factory=Evidence)


def withdrawn(row: Mapping[str, Any], reason: str) -> InboxItem:
    """In place of a task to which the right has gone: the same cursor, without anything of it."""
    task = {"case": row["case"], "taskid": row["about"], "assignment": row["assignment"]}
    return _item(row, WITHDRAWN, {**task, "reason": reason})


def item(row: Mapping[str, Any], words: Words | None = None) -> InboxItem:
    """The item; ``words`` only where it is a task that the department may act on."""
    data = dict(row["data"])
    if row["kind"] == ASSIGNED and words is not None:
        data |= {
            "text": words.text,
            "point": words.point,
            "attachments": attachments(row["log"], row["about"], words.evidence),
            "withheld": words.evidence.withheld,
        }
    return _item(row, row["kind"], data)


def _item(row: Mapping[str, Any], kind: str, data: Mapping[str, Any]) -> InboxItem:
    head = {
        "id": row["_id"],
        "kind": kind,
        "cursor": row["number"],
        "department": row["log"],
        "traceparent": row["traceparent"],
    }
    return INBOX_ITEM.validate_python({**data, **head})
