"""Figures over all cases and the standing of many, counted by the real store."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.events.dispatch import Colour, Trigger
from case_contracts.values import Party, PartyKind
from dispatch.domain.case_parts import Slip, Task
from dispatch.domain.state import CaseState, Status
from dispatch.domain.timers import desk
from dispatch.views import overview
from service_kit.mongo import Database, Document, connect
from service_kit.mongo import database as opened

NOW = datetime.now(UTC)
DEPARTMENT = Party(kind=PartyKind.DEPARTMENT, id="water")
POST = Party(kind=PartyKind.POST, id="posting:1", person="p-1", grid="g")
SLIP = Slip(
    id="slip:1", colour=Colour.YELLOW, trigger=Trigger.OVERDUE, assignment=1, to=DEPARTMENT,
    leader=None, issued_at=NOW, answer_by=NOW,
)  # fmt: skip


def everything(_: Document) -> bool:
    """Seen by somebody from whom nothing is hidden."""
    return True


@pytest.fixture
async def cases(mongo_url: str, database: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield opened(client, database)
    client.close()


def _task(handler: Party = DEPARTMENT, **more: Any) -> Task:
    return Task(id="task:1", assignment=1, handler=handler, charter=None, **more)


def _case(n: int, status: Status, **more: Any) -> CaseState:
    return CaseState(case=f"case:{n}", status=status, matter="part/a/b", grid="g", **more)


CASES = [
    _case(1, Status.CLOSED, due_at=NOW, on_time=True, closed_at=NOW,
          task=_task(completed_at=NOW, on_time=True)),
    _case(2, Status.CLOSED, due_at=NOW, on_time=False, closed_at=NOW,
          task=_task(completed_at=NOW, on_time=False, overdue=True)),
    _case(3, Status.ASSIGNED, due_at=NOW - timedelta(hours=1), task=_task(POST)),
    _case(4, Status.ACCEPTED, due_at=NOW + timedelta(hours=1), task=_task()),
    _case(5, Status.VERIFYING, due_at=NOW - timedelta(hours=1),
          task=_task(completed_at=NOW - timedelta(hours=2), on_time=True)),
    _case(6, Status.CLOSED, closed_at=NOW, recorded=True, task=_task(completed_at=NOW)),
    _case(7, Status.UNPLACED),
    _case(8, Status.UNKNOWN),
]  # fmt: skip


async def _filled(cases: Database) -> None:
    await cases["view_case"].insert_many(
        [
            {"_id": c.case, "state": _document(c), "desk": f"desk:{c.case}", "next_due": NOW}
            for c in CASES
        ]
    )


def _document(case: CaseState) -> Mapping[str, Any]:
    return case.model_dump(mode="json")


async def test_every_case_is_counted_once_in_each_figure(cases: Database) -> None:
    await _filled(cases)
    found = await overview.figures(cases)
    assert found.opened == 7
    assert found.status == {
        "closed": 3,
        "assigned": 1,
        "accepted": 1,
        "verifying": 1,
        "unplaced": 1,
    }
    assert found.assigned == {"water": 5, "post": 1}
    assert (found.completed, found.closed, found.verified, found.recorded) == (4, 3, 2, 1)
    assert (found.on_time, found.overdue, found.without_limit) == (2, 2, 2)


async def test_no_case_no_figures(cases: Database) -> None:
    assert await overview.figures(cases) == overview.Figures()


async def test_only_what_dispatch_has_taken_up_is_found(cases: Database) -> None:
    await _filled(cases)
    wanted = ["case:1", "case:8", "case:nobody", "case:4"]
    found = await overview.standings(cases, wanted, everything)
    assert {row.case: row.desk for row in found} == {
        "case:1": "desk:case:1",
        "case:4": "desk:case:4",
    }


async def test_turns_are_all_that_waits_in_cases_at_desks_of_the_kind(cases: Database) -> None:
    theirs = _case(1, Status.ASSIGNED, task=_task(POST, due_at=NOW), slips=(SLIP,))
    others = _case(2, Status.ACCEPTED, task=_task())
    await cases["view_case"].insert_many(
        [
            {"_id": each.case, "state": _document(each), "desk": desk(each)}
            for each in (theirs, others, _case(3, Status.CLOSED))
        ]
    )

    async def found(prefix: str, limit: int = 10) -> set[tuple[str, str, str, str | None]]:
        rows = await overview.turns(cases, prefix, limit, everything)
        return {(row.desk, row.case, row.what, row.ref) for row in rows}

    own = {
        ("person:p-1", "case:1", "handle", None),
        ("department:water", "case:1", "slip", "slip:1"),
    }
    assert await found("person:") == own
    assert await found("") == own | {("department:water", "case:2", "handle", None)}
    assert len({case for _, case, _, _ in await found("", 1)}) == 1
