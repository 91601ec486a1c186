"""Figures over all cases and the standing of many, counted by the real store."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.values import Party, PartyKind
from dispatch.domain.case_parts import Task
from dispatch.domain.state import CaseState, Status
from dispatch.views import overview
from service_kit.mongo import Database, Document, connect
from service_kit.mongo import database as opened

NOW = datetime.now(UTC)
DEPARTMENT = Party(kind=PartyKind.DEPARTMENT, id="water")
POST = Party(kind=PartyKind.POST, id="posting:1", person="p-1", grid="g")


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


async def test_turns_are_those_at_desks_of_the_kind(cases: Database) -> None:
    await cases["view_case"].insert_many(
        [
            {"_id": c.case, "state": _document(c), "desk": desk}
            for c, desk in zip(CASES, ("person:a", "person:z", "supervisor:g", "personal:x"),
                               strict=False)
        ]
    )  # fmt: skip
    found = await overview.turns(cases, "person:", 10, everything)
    assert {(row.desk, row.case, row.taskid, row.turn) for row in found} == {
        ("person:a", "case:1", "task:1", 0),
        ("person:z", "case:2", "task:1", 0),
    }
    assert len(await overview.turns(cases, "person:", 1, everything)) == 1
