"""Lists of cases: by grid subtree, department or post-holder, in pages that are stable.

Open ones are taken from the board, in memory; those that are over are read from the store, day by
day.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from case_contracts.values import Party
from dispatch.domain import looked_up
from dispatch.domain.looked_up import Share
from dispatch.domain.state import CaseState
from dispatch.views import board
from dispatch.views.board import Entry
from dispatch.views.listed import Listed, listed
from dispatch.views.sight import Sees
from service_kit.matters import matches
from service_kit.mongo import Database, Document
from service_kit.runtime import Runtime

AT_ONCE = 51
"""Whole cases per query: a page of the usual length, and one to see that there is more."""
_LOOKED_AT = {
    f"state.{name}": 1
    for name in (
        "status", "matter", "grid", "grid_path", "reported_at", "task.handler", "task.overdue",
    )
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which cases. ``scope`` is the word of ``looked_up`` that the store is read by, the rest is
    looked at in each; ``late``: only open ones whose handler is late."""

    scope: str
    shares: tuple[Share, ...]
    since: datetime
    until: datetime
    matters: tuple[str, ...] = ()
    grid: str | None = None
    department: str | None = None
    person: str | None = None
    statuses: tuple[str, ...] = ()
    late: bool = False


Place = tuple[datetime, str]
"""Where a page ends: the time of the report and the case, newest first."""


async def page(
    runtime: Runtime, wanted: Wanted, sees: Sees, after: Place | None, limit: int
) -> tuple[list[Listed], Place | None]:
    """A page, and where it ends; None where there is no more."""
    found: list[Listed] = []
    async for case in _listed(runtime, wanted, sees, after):
        if len(found) == limit:
            return found, (found[-1].reported_at, found[-1].case)
        found.append(case)
    return found, None


def every(runtime: Runtime, wanted: Wanted, sees: Sees) -> AsyncIterator[Listed]:
    """All of them, newest first."""
    return _listed(runtime, wanted, sees, None)


async def states(runtime: Runtime, wanted: Wanted, sees: Sees) -> AsyncIterator[CaseState]:
    """All of them whole, newest first."""
    if _is_open_only(wanted):
        chosen = _chosen(await board.entries(runtime), wanted, sees, None)
        rows = _whole(runtime.database, [each.listed.case for each in chosen])
    else:
        rows = _rows(runtime.database, wanted, None)
    async for row in rows:
        if sees(row) and _fits(_of_row(row), wanted, None):
            yield _state(row)


def needing(
    entries: Iterable[Entry], words: Iterable[str], sees: Sees, most: int
) -> tuple[list[Listed], int]:
    """The first ``most`` of the cases with one of these words, those due first; and how many there
    are in all."""
    wanted = frozenset(words)
    seen = [each for each in entries if not wanted.isdisjoint(each.words) and sees(each.row)]
    seen.sort(key=lambda each: (each.due, each.listed.case))
    return [each.listed for each in seen[:most]], len(seen)


async def _listed(
    runtime: Runtime, wanted: Wanted, sees: Sees, after: Place | None
) -> AsyncIterator[Listed]:
    if _is_open_only(wanted):
        for entry in _chosen(await board.entries(runtime), wanted, sees, after):
            yield entry.listed
        return
    async for row in _rows(runtime.database, wanted, after):
        if sees(row) and _fits(_of_row(row), wanted, None):
            yield listed(_state(row))


def _is_open_only(wanted: Wanted) -> bool:
    return wanted.shares == (Share.OPEN,)


def _chosen(
    entries: Iterable[Entry], wanted: Wanted, sees: Sees, after: Place | None
) -> list[Entry]:
    """The open ones that fit, newest first, behind ``after``."""
    open_ones = ((_of_entry(each), each) for each in entries if each.is_open)
    fit = [(facts, each) for facts, each in open_ones if _fits(facts, wanted, after)]
    fit.sort(key=lambda pair: pair[0].place, reverse=True)
    return [each for _, each in fit if sees(each.row)]


async def _rows(database: Database, wanted: Wanted, after: Place | None) -> AsyncIterator[Document]:
    """Newest first, behind ``after``, some days at a time, few at first: of each batch first what
    is looked at, then those that fit whole, as many as somebody reads on."""
    last = min(wanted.until, after[0]) if after else wanted.until
    view = database["view_case"]
    for days in looked_up.days_back(wanted.since, last):
        words = looked_up.on_days(wanted.scope, wanted.shares, days)
        rows = await view.find({"by": {"$in": words}}, _LOOKED_AT).to_list(None)
        fit = [each for each in map(_of_row, rows) if _fits(each, wanted, after)]
        fit.sort(key=lambda each: each.place, reverse=True)
        async for row in _whole(database, [each.case for each in fit]):
            yield row


async def _whole(database: Database, cases: Sequence[str]) -> AsyncIterator[Document]:
    """Their rows in this order, as many as somebody reads on."""
    for first in range(0, len(cases), AT_ONCE):
        these = cases[first : first + AT_ONCE]
        rows = database["view_case"].find({"_id": {"$in": these}}, {"state": 1})
        found = {row["_id"]: row async for row in rows}
        for case in filter(found.__contains__, these):
            yield found[case]


def _state(row: Document) -> CaseState:
    return CaseState.model_validate(row["state"])


class _Facts(NamedTuple):
    """What is looked at in a case, wherever it was found."""

    case: str
    reported_at: datetime
    status: str
    matter: str
    path: tuple[str, ...]
    department: str | None
    person: str | None
    late: bool

    @property
    def place(self) -> Place:
        return self.reported_at, self.case


def _of_entry(entry: Entry) -> _Facts:
    case = entry.listed
    return _Facts(
        case.case, case.reported_at, case.status, case.matter, entry.path,
        entry.department, entry.person, case.late,
    )  # fmt: skip


def _of_row(row: Document) -> _Facts:
    """From a row of the view, whole or not."""
    state, task = row["state"], row["state"].get("task") or {}
    handler = Party.model_validate(task["handler"]) if task else None
    return _Facts(
        row["_id"],
        datetime.fromisoformat(state["reported_at"]),
        state["status"],
        state["matter"],
        (*state["grid_path"], state["grid"]),
        board.department_of(handler),
        handler.person if handler else None,
        bool(task.get("overdue")) and state["status"] not in looked_up.ENDED,
    )


def _fits(case: _Facts, wanted: Wanted, after: Place | None) -> bool:
    return (
        (after is None or case.place < after)
        and wanted.since <= case.reported_at < wanted.until
        and (not wanted.matters or matches(case.matter, wanted.matters))
        and (wanted.grid is None or wanted.grid in case.path)
        and wanted.department in (None, case.department)
        and wanted.person in (None, case.person)
        and (not wanted.statuses or case.status in wanted.statuses)
        and (not wanted.late or case.late)
    )
