"""Listing requests by when they were made.

``fact_requests`` has a row for each report that may be listed, by the day on which it was made;
its days are read from the newest on, few at first, until enough requests were found. Most
requests are closed: so that finding the open ones does not mean to look at all of them,
``fact_request_ends`` has a row for each closing and reopening, by its own day. That only spares
looking: whatever is listed was read from its own state.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime

from intake.domain.open311 import MOST_DAYS, Span, Status, Wanted, day_of, may_be_listed
from intake.views.open311 import AT_A_TIME, Shown, shown
from service_kit.mongo import ASCENDING, Database, Document

REQUESTS, ENDS = "fact_requests", "fact_request_ends"
MOST_DAYS_AT_A_TIME = 16


async def create_indexes(database: Database) -> None:
    for name in (REQUESTS, ENDS):
        await database[name].create_index([("day", ASCENDING)], name="day")


async def listed(database: Database, wanted: Wanted, now: datetime) -> AsyncIterator[Shown]:
    """The requests wanted, the newest first."""
    ends = _Ends(database, wanted, now)
    for days in days_of(wanted.span):
        await ends.read(days)
        rows = await _of_days(database, days, wanted)
        found = list(dict.fromkeys(row["report"] for row in rows if not ends.over(row["case"])))
        for begin in range(0, len(found), AT_A_TIME):
            for each in await shown(database, found[begin : begin + AT_A_TIME]):
                if _fits(each, wanted):
                    yield each


def _fits(found: Shown, wanted: Wanted) -> bool:
    """As it is now: a reviewer may have said another matter than its reporter."""
    report = found.report
    matter = wanted.matters is None or report.matter in wanted.matters
    return may_be_listed(report) and matter and wanted.status in {None, found.status}


async def _of_days(database: Database, days: Sequence[int], wanted: Wanted) -> list[Document]:
    """What was made on these days, the newest first; a report perhaps twice."""
    query: Document = {"day": {"$in": list(days)}}
    if wanted.matters is not None:
        query["matter"] = {"$in": sorted(wanted.matters)}
    rows = [row async for row in database[REQUESTS].find(query) if row["at"] in wanted.span]
    return sorted(rows, key=lambda row: (row["at"], row["report"]), reverse=True)


class _Ends:
    """Which cases are over, as far as it is worth knowing: where only open requests are wanted,
    of the last months. A case ends after it was reported, so its end was read before it."""

    def __init__(self, database: Database, wanted: Wanted, now: datetime) -> None:
        recent = now - wanted.span.end <= MOST_DAYS
        self._wanted = wanted.status is Status.OPEN and recent
        self._database, self._next = database, day_of(now)
        self._last: dict[str, tuple[datetime, bool]] = {}
        """When it was last closed or opened again, and whether it is open since."""

    async def read(self, days: Sequence[int]) -> None:
        """The ends down to these days."""
        if not self._wanted:
            return
        missing = list(range(self._next, days[-1] - 1, -1))
        self._next = days[-1] - 1
        async for row in self._database[ENDS].find({"day": {"$in": missing}}):
            told = (row["at"], not row["over"])
            self._last[row["case"]] = max(told, self._last.get(row["case"], told))

    def over(self, case: str) -> bool:
        return case in self._last and not self._last[case][1]


def days_of(span: Span) -> Iterator[list[int]]:
    """The span's days from the newest on: one, then two, then four..."""
    last, first, size = day_of(span.end), day_of(span.start), 1
    while last >= first:
        yield list(range(last, max(last - size, first - 1), -1))
        last, size = last - size, min(2 * size, MOST_DAYS_AT_A_TIME)
