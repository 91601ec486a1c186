"""Who may see whose visits: everybody their own; who stands above a grid, what happened in it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request

from case_contracts.events.registry import DistrictPublished
from case_contracts.values import Instant
from intake.adapters.visit_room import VisitRoom
from intake.domain.round_targets import ground
from intake.domain.visit_errors import NotYourGrid
from intake.domain.visit_field import Field
from intake.domain.world import World
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Invalid
from service_kit.http.access import needs
from service_kit.runtime import Runtime

LATENESS = timedelta(minutes=5)
"""How far a device's clock may be ahead of ours."""
LONGEST = timedelta(days=366)
Visitor = Annotated[Principal, Depends(needs("visits.write"))]
Overseer = Annotated[Principal, Depends(needs("visits.read"))]
Looker = Annotated[Principal, Depends(needs("visits.write", "visits.read"))]
Limit = Annotated[int, Query(ge=1, le=500)]
After = Annotated[str | None, Query(max_length=220, description="The cursor of the page before")]


def example(value: Any) -> dict[str, Any]:
    """The OpenAPI part that shows ``value`` as an example of a JSON answer."""
    return {"content": {"application/json": {"example": value}}}


def room_of(runtime: Runtime) -> VisitRoom:
    room: VisitRoom = runtime.extras["visits"]
    return room


class Scene:
    """The district and its people in the field, as they are known for one request."""

    def __init__(self, runtime: Runtime, world: World, field: Field) -> None:
        self.runtime, self.world, self.field, self.now = runtime, world, field, clock.now()
        self.room = room_of(runtime)

    def zone(self, at: datetime) -> ZoneInfo:
        """The zone of the calendar, which shifts are in."""
        return self.field.calendars.zone(self.district, at)

    @property
    def district(self) -> DistrictPublished:
        return self.world.loaded()

    def stands_above(self, person: str, grid: str, when: datetime | None = None) -> bool:
        """Whether the person now has a post in the grid, as it was then, or above it."""
        above = ground(grid, when or self.now, self.world.grids)
        return not self.field.postings.grids_of(person, self.now).isdisjoint(above)

    def check_above(self, person: str, grid: str) -> None:
        """Raises NotYourGrid."""
        if not self.stands_above(person, grid):
            raise NotYourGrid(
                f"you have no post in grid {grid} or above it: ask for one in which you have,"
                " or leave grid out for what is your own",
            )


async def scene_of(runtime: Runtime) -> Scene:
    """Raises DistrictNotLoaded before the registry has published anything."""
    world: World = await runtime.load_world()
    world.check(clock.now())
    field = await room_of(runtime).field()
    return Scene(runtime, world, replace(field, postings=world.postings))


async def scene(request: Request) -> Scene:
    """A dependency; raises as ``scene_of`` does."""
    return await scene_of(request.app.state.runtime)


Here = Annotated[Scene, Depends(scene)]


def period(
    since: Annotated[Instant | None, Query(description="31 days ago where not said")] = None,
    until: Annotated[Instant | None, Query(description="Now where not said")] = None,
) -> tuple[datetime, datetime]:
    """A dependency: ``[since, until)`` of at most a year; raises Invalid."""
    end = until or clock.now() + LATENESS
    try:
        start = since or end - timedelta(days=31)
    except OverflowError:
        raise Invalid("until: there is nothing before the year 1") from None
    if not timedelta(0) < end - start <= LONGEST:
        raise Invalid("since, until: give a period of at most a year, its end after its start")
    return start, end


When = Annotated[tuple[datetime, datetime], Depends(period)]


def check_time(field: str, at: datetime) -> None:
    """Raises Invalid for a time to come, or one before there was a district."""
    if at > clock.now() + LATENESS:
        problem = {"field": f"body.{field}", "message": f"{at.isoformat()} is in the future"}
        raise Invalid(f"{field} lies in the future: look at the clock of the device",
                      errors=[problem])  # fmt: skip
