"""Operations by id and by case."""

from joint.domain.state import OperationState
from service_kit.errors import NotFound
from service_kit.mongo import ASCENDING, Database

VIEW = "view_operation"
MOST = 100
"""A case with more operations than this does not exist; the bound keeps answers small."""
MOST_UNDER_WAY = 500


async def prepare(database: Database) -> None:
    view = database[VIEW]
    await view.create_index([("case", ASCENDING)], name="case", sparse=True)
    await view.create_index([("under_way", ASCENDING)], name="under_way", sparse=True)


async def find(database: Database, operation: str) -> OperationState:
    """The operation; raises NotFound also where only refused commands speak of it."""
    row = await database[VIEW].find_one({"_id": operation})
    if row is None or "case" not in row:
        raise NotFound(f"there is no operation {operation}")
    return OperationState.model_validate(row["state"])


async def of_case(database: Database, case: str) -> list[OperationState]:
    rows = await database[VIEW].find({"case": case}).to_list(MOST)
    return [OperationState.model_validate(row["state"]) for row in rows]


async def under_way(database: Database) -> list[OperationState]:
    """Those that have not ended, the newest first."""
    rows = database[VIEW].find({"under_way": {"$gte": "", "$lt": "~"}}).limit(MOST_UNDER_WAY)
    found = [OperationState.model_validate(row["state"]) async for row in rows]
    return sorted(found, key=lambda state: str(state.convened_at), reverse=True)
