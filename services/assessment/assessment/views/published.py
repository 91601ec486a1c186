"""Scores that are frozen."""

from assessment.domain.scores import month_key
from case_contracts.events.assessment import ScorePublished
from service_kit.mongo import ASCENDING, Database

VIEW = "view_period"
MOST = 50_000


async def prepare(database: Database) -> None:
    await database[VIEW].create_index([("published", ASCENDING)], name="published", sparse=True)


async def of_period(database: Database, period: str, by: str) -> dict[str, ScorePublished]:
    """The frozen scores of a month, by subject."""
    rows = await database[VIEW].find({"published": month_key(period, by)}).to_list(MOST)
    scores = [ScorePublished.model_validate(row["state"]["published"]) for row in rows]
    return {score.subject: score for score in sorted(scores, key=lambda s: s.subject)}
