"""Notices by case and by report."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from case_contracts.values import About
from notification.domain.state import CaseNotices, Notice
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


@dataclass(frozen=True)
class Told:
    """What one reporter was told, oldest first, in whichever case; and in which language.
    ``about`` is whom the report complains of."""

    notices: list[Notice]
    language: str
    about: About | None = None


async def of_report(database: Database, report: str) -> Told | None:
    """Of every case that the report has belonged to; None for an unknown one."""
    known = await database[REPORTS].find({"report": report}).to_list(AT_MOST)
    ids = sorted({row["notices"] for row in known})
    rows = await database[VIEW].find({"_id": {"$in": ids}}).to_list(AT_MOST) if ids else []
    cases = [CaseNotices.model_validate(row["state"]) for row in rows]
    subscribed = [s for case in cases for s in case.subscribers if s.report == report]
    if not subscribed:
        return None
    told = [n for case in cases for n in case.notices if n.report == report]
    about = next((row["about"] for row in known if "about" in row), None)
    whom = About.model_validate(about) if about else None
    return Told(sorted(told, key=lambda n: n.at), subscribed[0].language, whom)


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
