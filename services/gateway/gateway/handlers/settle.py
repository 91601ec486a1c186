"""Which department's log gets what of an event: looked up for many drafts at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.adapters.forwarded import FORWARDED
from gateway.domain.rows import (
    ANSWERED,
    ASSIGNED,
    CONCLUDED,
    INBOX,
    INVITED,
    NOTICE,
    PROGRESSED,
    WITHDRAWN,
)
from service_kit.events.numbered import Drafted, Entry
from service_kit.mongo import Database

Draft = Mapping[str, Any]


@dataclass(frozen=True)
class _Known:
    """``forwarded``: command's row by forwarded id; ``called``: (operation, department) rows."""

    forwarded: Mapping[str, Mapping[str, Any]]
    invitations: Mapping[str, Sequence[Mapping[str, Any]]]


async def settle(database: Database, drafts: Sequence[Drafted]) -> Sequence[Sequence[Entry]]:
    """The rows of each draft, by its kind."""
    contents = [draft.content for draft in drafts]
    known = await _look_up(database, contents)
    return [BY_KIND[content["kind"]](content, known) for content in contents]


async def _look_up(database: Database, drafts: Sequence[Draft]) -> _Known:
    causes = [d["about"] for d in drafts if d["kind"] == ANSWERED]
    operations = {d["lead_is_told"]["operation"] for d in drafts if "lead_is_told" in d}
    operations |= {d["about"] for d in drafts if d["kind"] == CONCLUDED}
    forwarded: dict[str, Mapping[str, Any]] = {}
    if causes:
        found = database[FORWARDED].find({"_id": {"$in": causes}})
        forwarded = {row["_id"]: row async for row in found}
    invitations: dict[str, list[Mapping[str, Any]]] = {}
    if operations:
        query = {"about": {"$in": sorted(operations)}}
        async for row in database[INBOX].find(query):
            if row["kind"] == INVITED:
                invitations.setdefault(row["about"], []).append(row)
    return _Known(forwarded, invitations)


def _to_handler(draft: Draft, _: _Known) -> list[Entry]:
    return [Entry(draft["department"], draft)] if draft["department"] else []


def _to_called(draft: Draft, _: _Known) -> list[Entry]:
    return [Entry(each, _row(draft, department=each)) for each in draft["called"]]


def _to_all_invited(draft: Draft, known: _Known) -> list[Entry]:
    logs = [row["log"] for row in known.invitations.get(draft["about"], ())]
    return [Entry(each, _row(draft, department=each)) for each in logs]


def _answered(draft: Draft, known: _Known) -> list[Entry]:
    entries: list[Entry] = []
    if "lead_is_told" in draft:
        entries += _to_lead(draft, known)
    row = known.forwarded.get(draft["about"])
    if row is not None and row["name"] in draft["names"]:
        data = {"command": row["command"], "name": row["name"], **draft["data"]}
        entries.append(Entry(row["department"], _row(draft, data=data)))
    elif "over" in draft:
        entries.append(Entry(draft["department"], _over(draft)))
    return entries


def _to_lead(draft: Draft, known: _Known) -> list[Entry]:
    """What a unit has done is told to the lead, unless the lead is that unit."""
    told = draft["lead_is_told"]
    invitations = known.invitations.get(told["operation"], ())
    lead = next((row["data"]["lead"] for row in invitations), None)
    if lead is None or lead == told["unit"]:
        return []
    row = _row(draft, kind=PROGRESSED, about=told["operation"], department=lead, data=told)
    return [Entry(lead, row)]


def _over(draft: Draft) -> dict[str, Any]:
    over = draft["over"]
    head = {"assignment": over["assignment"], "case": over["case"]}
    return _row(draft, kind=WITHDRAWN, about=over["taskid"], data=over, **head)


def _row(draft: Draft, **change: Any) -> dict[str, Any]:
    left_out = ("names", "over", "lead_is_told", "called")
    return {key: value for key, value in draft.items() if key not in left_out} | change


BY_KIND: Mapping[str, Callable[[Draft, _Known], list[Entry]]] = {
    ASSIGNED: _to_handler,
    WITHDRAWN: _to_handler,
    ANSWERED: _answered,
    INVITED: _to_called,
    CONCLUDED: _to_all_invited,
    NOTICE: _to_handler,
}
