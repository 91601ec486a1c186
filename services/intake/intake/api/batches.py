"""``/patrol/batches``: what a field worker's device noted while it was offline (离线补传).

Each item has an id that the device made; (caller, id) is taken once, however often, in whatever
order and in whatever parts it is sent.
"""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, cast
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from case_contracts.values import Instant
from intake.api.batch_items import Fate, ItemFate, ItemKind, Noted, invalid
from intake.api.batch_reports import PATROL_REPORT
from intake.api.channels import STAFF
from intake.api.visit_batch import CHECKIN, VISIT
from intake.domain.skew import Skew, TooLate, TooSoon
from intake.settings import IntakeSettings
from intake.settled import settled
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import CivicError
from service_kit.http.access import needs
from service_kit.runtime import Runtime

log = structlog.get_logger()
MOST_ITEMS, MOST_IDS = 200, 100
KINDS: Mapping[str, ItemKind] = {
    "report": PATROL_REPORT,
    "visit": VISIT,
    "checkin": CHECKIN,
}
"""What a device can note, at a glance."""
router = APIRouter(prefix="/patrol/batches", tags=["patrol"])
Patrol = Annotated[Principal, Depends(needs(STAFF))]


class Batch(BaseModel):
    """``sent_at`` is the device's own clock at the moment of sending: what it is off by is taken
    off every ``made_at``. Items: ``{"id": <UUID>, "kind": "report", "made_at": ..., "report":
    {...}}``."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "sent_at": "2026-01-05T18:00:00+08:00",
                    "items": [
                        {
                            "id": "0b8f8a52-5f0e-4d5c-9d0e-3f6f1a2b3c4d",
                            "kind": "report",
                            "made_at": "2026-01-05T09:12:00+08:00",
                            "report": {
                                "matter": "part/utilities/manhole-cover",
                                "condition": "missing",
                                "point": {"lon": 113.602, "lat": 34.702},
                                "text": "井盖不见了。",
                            },
                        }
                    ],
                }
            ]
        },
    )

    sent_at: Instant
    items: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ITEMS)]


class BatchResult(BaseModel):
    """``skew_seconds``: by how much the device's clock was slow (fast where negative); times
    were corrected by it. One fate per item, in the batch's order."""

    received_at: datetime
    skew_seconds: float
    items: list[ItemFate]


class Fates(BaseModel):
    """Of the ids that were asked for, in their order; those that never arrived are ``unknown``."""

    items: list[ItemFate]


@router.post("")
async def post_batch(request: Request, body: Batch, caller: Patrol) -> BatchResult:
    """Take each item by itself; send the whole batch again whenever no answer came."""
    runtime: Runtime = request.app.state.runtime
    now = clock.now()
    settings = cast("IntakeSettings", runtime.settings)
    skew = Skew.between(body.sent_at, now, timedelta(days=settings.batch_days))
    await _write_down(runtime, caller, skew, now, len(body.items))
    fates = await settled(_one(runtime, caller, item, skew) for item in body.items)
    return BatchResult(received_at=now, skew_seconds=skew.seconds, items=fates)


@router.get("/items")
async def get_fates(
    request: Request,
    caller: Patrol,
    ids: Annotated[list[UUID], Query(min_length=1, max_length=MOST_IDS)],
) -> Fates:
    """What became of one's own items."""
    runtime: Runtime = request.app.state.runtime
    wanted = [str(each) for each in ids]
    found: dict[str, ItemFate] = {}
    for kind in KINDS.values():
        found |= await kind.find(runtime, caller, [each for each in wanted if each not in found])
    return Fates(items=[found.get(e) or ItemFate(id=e, status=Fate.UNKNOWN) for e in wanted])


async def _one(
    runtime: Runtime, caller: Principal, content: dict[str, Any], skew: Skew
) -> ItemFate:
    named, kind = content.get("id"), KINDS.get(str(content.get("kind")))
    shown = named if isinstance(named, str) and _is_uuid(named) else None
    if kind is None:
        return invalid(shown, "kind_unknown", f"kind: one of {', '.join(KINDS)}")
    try:
        item = kind.model.model_validate(content)
        at = skew.corrected(item.made_at)
        return await kind.take(runtime, caller, Noted(item, content, at))
    except ValidationError as error:
        return invalid(shown, "invalid", _said(error))
    except (TooSoon, TooLate) as error:
        refused = invalid(shown, error.code, str(error))
        return await _taken_before(runtime, caller, kind, shown) or refused
    except CivicError as error:
        if error.retry:
            raise
        return invalid(shown, error.code, error.detail)


async def _taken_before(
    runtime: Runtime, caller: Principal, kind: ItemKind, named: str | None
) -> ItemFate | None:
    """What became of an item that came in time, where only the answer was lost: told that it was
    refused, its maker would make another of it."""
    if named is None:
        return None
    item = str(UUID(named))
    found = (await kind.find(runtime, caller, [item])).get(item)
    return found and found.model_copy(update={"status": Fate.REPEATED})


async def _write_down(
    runtime: Runtime, caller: Principal, skew: Skew, now: datetime, count: int
) -> None:
    """Which device's clock was off by how much when it sent how many items."""
    row = {
        "_id": os.urandom(12).hex(), "by": caller.id, "received_at": now,
        "sent_at": skew.sent_at, "skew_seconds": skew.seconds, "items": count,
    }  # fmt: skip
    await runtime.database["patrol_batches"].insert_one(row)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _said(error: ValidationError) -> str:
    """Field and message, never the value: it may be somebody's words."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'item'}: {e['msg']}"
        for e in error.errors(include_url=False, include_context=False, include_input=False)
    )
