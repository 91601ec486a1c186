"""The queues of people who decide about reports: what waits at a desk, the oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.values import About
from intake.domain.looked_up import Desk, at_desk
from intake.domain.report import ReportState
from intake.metrics import OVERDUE, WAITING
from intake.views.reports import VIEW
from service_kit import clock
from service_kit.mongo import ASCENDING, Database, Document

MOST_WAITING = 5000
"""So many are read at most: a district with more of them needs people, not pages."""


@dataclass(frozen=True)
class Waiter:
    """One report at a desk; ``key`` is its place in the queue."""

    key: str
    state: ReportState

    @property
    def about(self) -> About | None:
        return self.state.said.about if self.state.said else None

    def is_overdue(self, now: datetime) -> bool:
        waiting = self.state.waiting
        return waiting is not None and waiting.due_at is not None and waiting.due_at < now


@dataclass(frozen=True)
class Page:
    """One page of ``all`` that somebody may see; ``cursor`` where there are more."""

    all: Sequence[Waiter]
    reports: Sequence[ReportState]
    cursor: str | None


async def waiting(
    database: Database, desk: Desk, hides: Callable[[About | None], bool], after: str | None,
    limit: int,
) -> Page:  # fmt: skip
    """What waits at a desk, less what is hidden; ``after`` is the cursor of the page before."""
    seen = [waiter for waiter in await _at(database, desk) if not hides(waiter.about)]
    left = [w for w in seen if after is None or w.key > after]
    page = left[:limit]
    cursor = page[-1].key if len(left) > limit else None
    return Page(seen, [w.state for w in page], cursor)


async def _at(database: Database, desk: Desk) -> list[Waiter]:
    """The oldest first; of more than MOST_WAITING the oldest ones."""
    rows = database[VIEW].find({"by": at_desk(desk)}, {"state": 1, "since": 1})
    found = [
        Waiter(_key(row), ReportState.model_validate(row["state"]))
        async for row in rows.sort("since", ASCENDING).limit(MOST_WAITING)
    ]
    return sorted(found, key=lambda waiter: waiter.key)


def _key(row: Document) -> str:
    return f"{row['since'].timestamp():017.6f}~{row['_id']}"


async def measure(database: Database) -> None:
    """How many wait for a reviewer, and how many have waited too long."""
    found, now = await _at(database, "triage"), clock.now()
    WAITING.set(await database[VIEW].count_documents({"by": at_desk("triage")}))
    OVERDUE.set(sum(each.is_overdue(now) for each in found))
