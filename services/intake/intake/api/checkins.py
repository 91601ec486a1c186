"""Check-ins: where somebody on shift was, for 30 days; then only whether inside their grid."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict

from case_contracts.values import Instant, Point, Ref
from intake.adapters.visit_room import KEPT
from intake.api.reveal import Purpose
from intake.api.schemas import Answers, In, Place
from intake.api.visit_access import Here, Scene, Visitor, check_time
from intake.commands.record_checkin import RecordCheckin, post_on_shift
from intake.views import visits
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent
from service_kit.vault import audit

router = APIRouter(prefix="/checkins", tags=["visits"])
HANDLER, LOOKED = "intake.record-checkin", "place"
Locator = Annotated[Principal, Depends(needs("locations.read"))]
Checkin = Annotated[str, Path(pattern=r"^checkin:[0-9a-f-]{36}$", examples=[f"checkin:{'0' * 36}"])]
REFUSALS: Answers = {
    403: {"description": "No scope visits.write; or not_your_grid: no such post of yours then"},
    409: {"description": "off_shift: you are not on shift; nothing was recorded"},
    422: {"description": "Not valid, with the fields; or the id came for another post"},
}
GONE: Answers = {
    404: {"description": "No such check-in that you may see, or its 30 days are over"},
    410: {"description": "It was erased: the key is destroyed"},
}


class CheckinIn(In):
    """``id`` is made on the device, new for each check-in: sent again, the first one stands.
    ``post`` where one has several. ``made_at`` may lie in the past: sent when there was a net."""

    id: Ref
    post: Ref | None = None
    point: Place
    made_at: Instant

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "7f1d2a34-8c55-4a0e-9d56-0a8b6c1f2e90",
                    "point": {"lon": 113.60212, "lat": 34.70533},
                    "made_at": "2026-01-05T09:12:00+08:00",
                }
            ]
        }
    )


class CheckinOut(BaseModel):
    """What stays of it. ``repeated``: it was recorded before."""

    checkin: Ref
    person: Ref
    posting: Ref
    grid: Ref
    inside: bool
    checked_in_at: Instant
    repeated: bool = False


class PlaceOut(BaseModel):
    """Where it was; kept until ``kept_until``."""

    checkin: Ref
    person: Ref
    point: Point
    checked_in_at: Instant
    kept_until: Instant


@router.post("", status_code=201, responses=REFUSALS)
async def check_in(here: Here, body: CheckinIn, caller: Visitor) -> CheckinOut:
    """Say where one is, on shift. Off shift it is refused and nothing is kept, not even that one
    tried. How often somebody checks in scores nothing."""
    return await take_checkin(here, caller, body)


async def take_checkin(here: Scene, caller: Principal, body: CheckinIn) -> CheckinOut:
    """Record and keep the coordinates for their time; the same id again changes nothing."""
    check_time("made_at", body.made_at)
    cause = derived("checkin", caller.id, body.id)
    command = RecordCheckin(
        person=caller.id,
        postings=here.field.postings.of(caller.id, body.made_at),
        post=body.post,
        zone=here.zone(body.made_at),
        point=body.point.point(),
        made_at=body.made_at,
    )
    post_on_shift(command, here.world)
    outcome = await here.runtime.committer.submit(
        Work(
            aggregate=f"checkin:{cause}",
            handler=HANDLER,
            cause=cause,
            command=command,
            actor=caller.actor(),
            traceparent=current_traceparent(),
            body_hash=_digest(here, body),
        )
    )
    recorded = outcome.events[0].data
    await here.room.put_place(recorded["checkin"], command.point, body.made_at)
    return CheckinOut.model_validate({**recorded, "repeated": outcome.repeated})


@router.get("/{checkin}/place", responses=GONE)
async def place(here: Here, checkin: Checkin, purpose: Purpose, caller: Locator) -> PlaceOut:
    """The coordinates of a check-in, for a purpose: the person sees in their own data who looked.
    For those with a post in its grid or above it."""
    found = await visits.checkin(here.runtime.database, checkin)
    if found is None or found.checked_in_at is None:
        raise NotFound("there is no such check-in that you may see")
    above = here.stands_above(caller.id, found.grid, found.checked_in_at)
    if not above and found.person != caller.id:
        raise NotFound("there is no such check-in that you may see")
    await audit.note_many(
        here.runtime.database, caller, LOOKED, [checkin], purpose, person=found.person
    )
    until = found.checked_in_at + KEPT
    if until <= here.now:
        raise NotFound(f"its coordinates were kept until {until.isoformat()}")
    point = Point.model_validate(orjson.loads(await here.room.places.get(checkin)))
    return PlaceOut(
        checkin=checkin,
        person=found.person,
        point=point,
        checked_in_at=found.checked_in_at,
        kept_until=until,
    )


def _digest(here: Scene, body: CheckinIn) -> str:
    """Without the coordinates: what is kept for ever must not let one try places out. And without
    the time, which is corrected anew for each batch that a device sends."""
    said = body.model_dump_json(include={"id", "post"})
    digest: str = here.runtime.extras["vault"].references.body(said.encode())
    return digest
