"""Listing requests by when they were made.

Reports that may be listed are found by the day on which they were made: as they came, and where
something has changed since by their views. The days are read from the newest on, few at first,
until enough requests were found. Of a whole day only what puts them in order is read, and then
their states, as many as are shown. Most requests are closed: so that finding the open ones does
not mean to look at all of them, ``fact_request_ends`` has a row for each closing and reopening, by
its own day. That only spares looking: whatever is listed was read from its own state.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from intake.domain.listed import day_of
from intake.domain.looked_up import made_on
from intake.domain.open311 import MOST_DAYS, Span, Status, Wanted, may_be_listed
from intake.views.open311 import AT_A_TIME, Shown, shown
from intake.views.reports import MADE, VIEW
from service_kit.mongo import ASCENDING, Database, Document
from service_kit.store.kept import kept_rows

ENDS = "fact_request_ends"
MOST_DAYS_AT_A_TIME = 16
CASE, MATTER, REPORTED_AT = "state.said.case", "state.said.matter", "state.said.reported_at"


@dataclass(frozen=True, order=True)
class Made:
    """A report in its place among others, with the case that it belongs to."""

    at: datetime
    report: str
    case: str

    @classmethod
    def of_view(cls, row: Document) -> "Made":
        """As it is now."""
        said = row["state"]["said"]
        return cls(datetime.fromisoformat(said["reported_at"]), row["_id"], said["case"])

    @classmethod
    def as_it_came(cls, row: Document) -> "Made":
        return cls(datetime.fromisoformat(row["at"]), row["report"], row["case"])


async def create_indexes(database: Database) -> None:
    await database[ENDS].create_index([("day", ASCENDING)], name="day")


async def listed(database: Database, wanted: Wanted, now: datetime) -> AsyncIterator[Shown]:
    """The requests wanted, the newest first."""
    ends = _Ends(database, wanted, now)
    for days in days_of(wanted.span):
        await ends.read(days)
        made = await _of_days(database, days, wanted)
        found = [each.report for each in made if not ends.over(each.case)]
        for begin in range(0, len(found), AT_A_TIME):
            for each in await shown(database, found[begin : begin + AT_A_TIME]):
                if _fits(each, wanted):
                    yield each


def _fits(found: Shown, wanted: Wanted) -> bool:
    """As it is now: a reviewer may have said another matter than its reporter."""
    report = found.report
    matter = wanted.matters is None or report.matter in wanted.matters
    return may_be_listed(report) and matter and wanted.status in {None, found.status}


async def _of_days(database: Database, days: Sequence[int], wanted: Wanted) -> list[Made]:
    """What was made on these days, the newest first."""
    query: Document = {"by": {"$in": [made_on(day) for day in days]}}
    if wanted.matters is not None:
        query[MATTER] = {"$in": sorted(wanted.matters)}
    views = database[VIEW].find(query, {CASE: 1, REPORTED_AT: 1})
    found = {each.report: each async for each in _as_they_came(database, days, wanted)}
    found |= {row["_id"]: Made.of_view(row) async for row in views}
    return sorted((each for each in found.values() if each.at in wanted.span), reverse=True)


async def _as_they_came(
    database: Database, days: Sequence[int], wanted: Wanted
) -> AsyncIterator[Made]:
    """Of these days, with the matter that their reporters named."""
    async for row in kept_rows(database, MADE, "day", days):
        if wanted.matters is None or row["matter"] in wanted.matters:
            yield Made.as_it_came(row)


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
