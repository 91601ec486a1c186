"""The view of reports, and how it is searched."""

from service_kit.mongo import ASCENDING, Database

VIEW = "view_report"


async def create_indexes(database: Database) -> None:
    """One for whatever is asked: see looked_up."""
    await database[VIEW].create_index([("by", ASCENDING)], name="by", sparse=True)
