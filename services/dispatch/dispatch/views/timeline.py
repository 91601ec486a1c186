"""A case's timeline: all that dispatch decided of it, in order, with who and why. Never a
reporter: what could name one is on no list here."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from case_contracts.values import Party, Ref, Text
from dispatch.domain.labels import EVENTS, ROLES, of_code
from service_kit.mongo import Database
from service_kit.store.commits import Commits
from service_kit.store.model import StoredEvent

WHO = tuple(ROLES)
"""Fields that name who had to do with it."""

WHY = ("reason", "trigger", "code", "missed", "reasons")
STATEMENTS = ("statement", "answer")
FACTS = frozenset(
    {
        "accept_by", "answer_by", "assignment", "calendar", "charter", "charters", "clock",
        "colour", "command", "condition", "documents", "due_at", "evidence", "from_grid", "grid",
        "grid_path", "into", "kind", "knowledge", "lease_until", "limit", "located", "matter",
        "name", "near_at", "number", "on_time", "operation", "outcome", "passed_to", "propose",
        "recorded", "request", "result", "retry", "rework", "round", "rules", "ruling", "slip",
        "standard", "step", "takes_over", "taskid", "to_grid", "twice_at", "until", "urgent",
    }
)  # fmt: skip
NEVER = frozenset({"about", "by_report", "case", "closing", "receiver", "report", "reported_at"})
"""What is not shown: reporters, whoever took their report, and what the page has already."""

REPORTED_BY = frozenset({"case.received"})
"""Events whose ``by`` is who reported."""

EXACT = {
    "task.near_due": "near_at",
    "task.overdue": "due_at",
    "task.twice_overdue": "twice_at",
    "slip.overdue": "answer_by",
    "verification.overdue": "due_at",
    "ruling.overdue": "due_at",
    "answer.overdue": "due_at",
}
LIMITS = frozenset({"due_at", "near_at", "twice_at", "reported_at"})


class Why(BaseModel):
    """A reason: its code, what people read, and what it refers to."""

    code: str
    label: Text
    refers_to: Ref | None = None


class Involved(BaseModel):
    """Somebody who had to do with it. ``kind``: department, post, person or service."""

    role: str
    label: Text
    kind: str
    id: Ref
    person: Ref | None = None
    grid: Ref | None = None


class Entry(BaseModel):
    """One event. ``at`` is when it happened, exactly; ``statement`` refers to the words."""

    sequence: int
    event: str
    label: Text
    at: datetime
    who: list[Involved]
    why: list[Why]
    statement: Ref | None
    facts: dict[str, Any]


class Timeline(BaseModel):
    """``cursor`` is to be given as ``after`` for what follows; null at the end for now."""

    case: str
    entries: list[Entry]
    cursor: str | None


async def timeline(database: Database, case: str, after: int, limit: int) -> Timeline:
    """What ``limit`` commits after version ``after`` say, whole."""
    ids = [f"{case}:{version}" for version in range(after + 1, after + 1 + limit)]
    found = await Commits(database).by_ids(ids)
    commits = [found[each] for each in ids if each in found]
    entries = [entry(stored) for commit in commits for stored in commit.events]
    more = str(commits[-1].version) if len(commits) == limit else None
    return Timeline(case=case, entries=entries, cursor=more)


def entry(stored: StoredEvent) -> Entry:
    event = parse(stored.type, stored.data)
    name = event.SPEC.name
    said = {field: getattr(event, field) for field in type(event).model_fields}
    statements = [said[f] for f in STATEMENTS if said.get(f)]
    return Entry(
        sequence=stored.sequence,
        event=name,
        label=EVENTS[name],
        at=said.get(time_of(event)) or stored.occurredat,
        who=list(_who(name, said)),
        why=list(_why(said)),
        statement=next(iter(statements), None),
        facts=_facts(event),
    )


def time_of(event: EventData) -> str:
    """The field that says when it happened; none: when it was written."""
    fields = (f for f in type(event).model_fields if f.endswith("_at") and f not in LIMITS)
    return EXACT.get(event.SPEC.name) or next(fields, "")


def _who(name: str, said: Mapping[str, Any]) -> Iterator[Involved]:
    for role in WHO:
        if role == "by" and name in REPORTED_BY:
            continue
        value = said.get(role)
        for each in value if isinstance(value, tuple) else (value,):
            if each is not None:
                yield _involved(role, each)


def _involved(role: str, each: Party | str) -> Involved:
    label = ROLES[role]
    if isinstance(each, Party):
        return Involved(
            role=role, label=label, kind=each.kind, id=each.id, person=each.person, grid=each.grid
        )
    kinds = {"by": "service" if each.startswith("service:") else "person"}
    return Involved(role=role, label=label, kind=kinds.get(role, "department"), id=each)


def _why(said: Mapping[str, Any]) -> Iterator[Why]:
    for field in WHY:
        value = said.get(field)
        for each in value if isinstance(value, tuple) else (value,):
            if each is None:
                continue
            code, refers_to = (each, None) if isinstance(each, str) else (each.code, each.refers_to)
            hidden = refers_to is not None and refers_to.startswith("report:")
            shown = None if hidden else refers_to
            yield Why(code=str(code), label=of_code(str(code)), refers_to=shown)


def _facts(event: EventData) -> dict[str, Any]:
    """What else it says, as JSON, without what is empty."""
    said = event.model_dump(mode="json", include=set(FACTS))
    return {field: value for field, value in said.items() if value not in (None, [], "")}
