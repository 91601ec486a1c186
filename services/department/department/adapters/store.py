"""A department's own database: one document per task, one per operation.

It is the SDK's memory too. The words and the exact place of a report are not kept: this
department does not need them to do its work again after a restart.
"""

from datetime import datetime
from typing import Any

from case_contracts import clock
from case_contracts.inbox import INBOX_ITEM, TaskItem
from department.behaviour.config import DepartmentConfig
from department.behaviour.plan import plan
from department_sdk.memory import Work
from service_kit.mongo import Database, Document, DuplicateKeyError

PERSONAL = {"text", "point"}


class DepartmentStore:
    """``tasks``: ``_id`` task, ``assignment`` the latest, ``state`` open or over, ``fate``."""

    def __init__(self, database: Database, config: DepartmentConfig) -> None:
        self._tasks, self._operations = database["tasks"], database["operations"]
        self._config = config

    async def first(self, item: Work) -> bool:
        """Remember a task or operation; a later assignment of a known task is new work."""
        if not isinstance(item, TaskItem):
            return await self._insert(self._operations, {"_id": item.operation, **_open(item)})
        fate = {"assignment": item.assignment, "fate": str(plan(self._config, item).fate)}
        document = {"_id": item.taskid, **_open(item), **fate}
        if await self._insert(self._tasks, document):
            return True
        earlier = {"_id": item.taskid, "assignment": {"$lt": item.assignment}}
        result = await self._tasks.replace_one(earlier, document)
        return result.modified_count == 1

    async def finish(self, key: str) -> None:
        over = {"$set": {"state": "over", "over_at": clock.now()}}
        taskid, _, assignment = key.rpartition(":")
        if key.startswith("task:") and assignment.isdigit():
            current = {"_id": taskid, "assignment": int(assignment)}
            await self._tasks.update_one(current, over)
        else:
            await self._operations.update_one({"_id": key}, over)

    async def taken(self) -> list[Document]:
        """Every task with its latest assignment, and since when we have had it."""
        fields = {"case": 1, "assignment": 1, "since": 1, "state": 1, "fate": 1}
        return [
            {"taskid": document.pop("_id"), **document}
            async for document in self._tasks.find({}, fields)
        ]

    async def unfinished(self) -> list[Work]:
        rows = [
            row
            for collection in (self._tasks, self._operations)
            async for row in collection.find({"state": "open"})
        ]
        items = [INBOX_ITEM.validate_python(row["item"]) for row in rows]
        return [item for item in items if isinstance(item, Work)]

    async def heard(self, operation: str, unit: str) -> None:
        await self._operations.update_one({"_id": operation}, {"$addToSet": {"done": unit}})

    async def units_done(self, operation: str) -> set[str]:
        document = await self._operations.find_one({"_id": operation, "state": "open"})
        return set(document.get("done", ())) if document is not None else set()

    async def since(self, operation: str) -> datetime:
        """When the call to it came; raises KeyError where none has."""
        document = await self._operations.find_one({"_id": operation}, {"since": 1})
        if document is None:
            raise KeyError(operation)
        found: datetime = document["since"]
        return found

    @staticmethod
    async def _insert(collection: Any, document: Document) -> bool:
        try:
            await collection.insert_one(document)
        except DuplicateKeyError:
            return False
        return True


def _open(item: Work) -> Document:
    kept = item.model_dump(mode="json", exclude=PERSONAL)
    return {"case": item.case, "state": "open", "since": clock.now(), "item": kept}
