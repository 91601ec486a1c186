"""What departments have: each task once in their own store, and in their inbox nothing that is
not theirs (I4)."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from case_contracts.inbox import INBOX_ITEM
from civicgrid.chaos.course import Told
from civicgrid.client import Api, As

PAGE = 100
OVER = "over"
SETTLE_SECONDS, LOOK_SECONDS = 60.0, 0.5
Row = dict[str, Any]


async def stores(api: Api, departments: Sequence[str]) -> dict[str, list[Row]]:
    """The tasks in each department's store, when all are over there or a minute has passed: the
    answer to the last command comes a moment after the case is closed."""
    found: dict[str, list[Row]] = {}
    try:
        async with asyncio.timeout(SETTLE_SECONDS):
            while True:
                for each in departments:
                    found[each] = await api.get("department", f"/departments/{each}/tasks")
                if all(row["state"] == OVER for rows in found.values() for row in rows):
                    return found
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return found


def wrong_in_stores(kept: Mapping[str, Sequence[Row]], cases: Mapping[str, Told]) -> Iterator[str]:
    """Each task that a department was given has to be once in its store, and over."""
    for department, rows in kept.items():
        given = {task for each in cases.values() for task in each.tasks.get(department, ())}
        tasks = [row["taskid"] for row in rows]
        for task in sorted(given - set(tasks)):
            yield f"{department} has never taken {task}"
        for task in sorted(set(tasks) - given):
            yield f"{department} has {task}, which it was never given"
        for task in sorted({each for each in tasks if tasks.count(each) > 1}):
            yield f"{department} has {task} more than once"
        for row in rows:
            if row["state"] != OVER:
                yield f"{department} still works on {row['taskid']}"


async def feed(api: Api, department: str) -> list[Row]:
    """The whole inbox of a department, as it may see it now, over HTTP."""
    who, after = As(department, "department", "department", department), 0
    found: list[Row] = []
    while True:
        path = f"/departments/{department}/inbox"
        page = await api.get("gateway", path, who, after=after, limit=PAGE)
        if not page["items"]:
            return found
        found += page["items"]
        after = page["next"]


def wrong_in_feed(
    department: str, items: Sequence[Row], cases: Mapping[str, Told]
) -> Iterator[str]:
    """Cursors without a gap, no case of others, no field that the contract does not have."""
    mine = {
        case
        for case, each in cases.items()
        if department in each.tasks or department in each.called
    }
    for number, item in enumerate(items, start=1):
        if item["cursor"] != number:
            yield f"{department}: item {number} has the cursor {item['cursor']}"
        allowed = type(INBOX_ITEM.validate_python(item)).model_fields
        if more := sorted(set(item) - set(allowed)):
            yield f"{department}: {item['kind']} shows {', '.join(more)}"
        foreign = "case" in item and item["case"] not in mine
        if foreign or item["department"] != department:
            yield f"{department}: {item['kind']} of {item.get('case')} is not theirs"
