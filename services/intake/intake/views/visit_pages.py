"""Pages of what happened in a period, in the order of time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service_kit.errors import Invalid
from service_kit.mongo import ASCENDING, Collection, Document


@dataclass(frozen=True)
class Page:
    """Documents, and the ``cursor`` of the last where there are more."""

    rows: list[Document]
    cursor: str | None


async def page(
    collection: Collection,
    query: Document,
    span: tuple[datetime, datetime],
    limit: int,
    after: str | None = None,
) -> Page:
    """What the query finds with ``at`` in ``[start, end)``, after the cursor; raises Invalid."""
    start, end = span
    last = _read(after) if after else None
    if last is not None and not start <= last[0] < end:
        raise Invalid("after: the cursor is of another period")
    since = last[0] if last else start
    bounded = {**query, "at": {"$gte": since, "$lt": end}}
    found = collection.find(bounded).sort([("at", ASCENDING), ("_id", ASCENDING)])
    rows: list[Document] = []
    async for row in found:
        if last is not None and (row["at"], row["_id"]) <= last:
            continue
        if len(rows) == limit:
            return Page(rows, _cursor(rows[-1]))
        rows.append(row)
    return Page(rows, None)


def _cursor(row: dict[str, Any]) -> str:
    return f"{row['at'].astimezone(UTC).isoformat()}|{row['_id']}"


def _read(cursor: str) -> tuple[datetime, str]:
    at, _, last = cursor.partition("|")
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        raise Invalid("after: give the cursor of the page before, as it was") from None
    if when.tzinfo is None or not last:
        raise Invalid("after: give the cursor of the page before, as it was")
    return when, last
