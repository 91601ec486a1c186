"""Notices by case and by report."""

from collections import Counter
from datetime import UTC, datetime

from notification.domain.state import CaseNotices
from service_kit import clock
from service_kit.mongo import ASCENDING, Database

VIEW = "view_notice"
REPORTS = "fact_report"
"""Which case a report belongs to. An index of the view would cost at each change of each case."""
SINCE = "news_since"
AT_MOST = 500


async def prepare(database: Database) -> None:
    await database[VIEW].create_index([("waiting", ASCENDING)], name="waiting", sparse=True)
    await database[REPORTS].create_index([("report", ASCENDING)], name="report")


async def news_since(database: Database) -> datetime:
    """When this service first ran: what was recorded before is not told to anybody."""
    meta = database["meta"]
    await meta.update_one({"_id": SINCE}, {"$setOnInsert": {"at": clock.now()}}, upsert=True)
    found = await meta.find_one({"_id": SINCE})
    assert found is not None
    at: datetime = found["at"]
    return at.astimezone(UTC)


async def of_report(database: Database, report: str) -> CaseNotices | None:
    """The notices of the case that a report belongs to; None for an unknown one."""
    fact = await database[REPORTS].find_one({"report": report})
    if fact is None:
        return None
    found = await database[VIEW].find_one({"_id": fact["notices"]})
    return None if found is None else CaseNotices.model_validate(found["state"])


async def waiting(database: Database) -> list[tuple[str, CaseNotices]]:
    """Aggregates with an email to be sent; not more than AT_MOST of them."""
    rows = await database[VIEW].find({"waiting": True}).to_list(AT_MOST)
    return [(row["_id"], CaseNotices.model_validate(row["state"])) for row in rows]


async def counts(database: Database) -> dict[str, int]:
    """All notices by channel and outcome, as ``email.sent``."""
    found: Counter[str] = Counter()
    fields = {"state.notices.channel": 1, "state.notices.outcome": 1}
    async for row in database[VIEW].find({}, fields):
        found.update(f"{n['channel']}.{n['outcome']}" for n in row["state"].get("notices", ()))
    return dict(found)
