"""Teams: who is in a grid, whether it is complete, and who is on duty."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from case_contracts.events.registry import (
    CalendarPublished,
    DistrictPublished,
    GridPublished,
    PostingStarted,
    SecondmentStarted,
    Span,
)
from case_contracts.values import Ref, Text
from registry.api.answers import MISSING, READ, REFUSALS, When
from registry.api.grids import index
from registry.api.people.ground import ground_of
from registry.domain.kinds import KINDS, version
from registry.views.records import valid
from service_kit.duty import local_time, on_duty
from service_kit.errors import NotFound
from service_kit.mongo import Database

router = APIRouter(tags=["people"], dependencies=READ, responses=REFUSALS | MISSING)
UTC = "UTC"


class Member(BaseModel):
    """Somebody in a post; ``on_duty`` by the shifts in the calendar's zone."""

    person: str
    posting: str
    accountable: bool
    on_duty: bool
    until: datetime | None


class RoleOut(BaseModel):
    """A role with those who hold it; ``name`` where the district lists its roles."""

    role: str
    name: Text | None
    members: list[Member]


class Team(BaseModel):
    """Who is in a grid. ``complete`` compares ``people``, each counted once, with ``wanted``;
    null where the district sets nothing for the level. Those seconded there are not counted."""

    grid: str
    level: str
    at: datetime
    zone: str
    people: int
    wanted: Span | None
    complete: bool | None
    accountable: list[str]
    on_duty: list[str]
    roles: list[RoleOut]
    seconded: list[str]


class Duty(BaseModel):
    """Who is on duty in a grid; where nobody is, in the nearest grid above that has somebody."""

    grid: str
    at: datetime
    zone: str
    on_duty: list[Member]
    nearest: str | None


@router.get("/teams/{code}")
async def team(request: Request, code: Ref, when: When) -> Team:
    """Who is in a grid by role, whether the team is complete, and who is on duty."""
    database = request.app.state.runtime.database
    grid = await _grid(request, code, when)
    head, zone = await _head(database, when), await _zone(database, when)
    posted = await _posted(database, code, when)
    people = {post.person for post in posted}
    wanted = head.team.get(grid.level) if head else None
    lent = await valid(database, KINDS["secondment"], SecondmentStarted, {"grids": code}, when)
    duty = {post.person for post in posted if on_duty(post, local_time(when, zone))}
    return Team(
        grid=code,
        level=grid.level,
        at=when,
        zone=zone,
        people=len(people),
        wanted=wanted,
        complete=wanted.least <= len(people) <= wanted.most if wanted else None,
        accountable=sorted({post.person for post in posted if post.accountable}),
        on_duty=sorted(duty),
        roles=_roles(posted, head, when, zone),
        seconded=sorted(each.person for each in lent if each.grid == code),
    )


@router.get("/on-duty")
async def duty(
    request: Request, when: When, grid: Annotated[Ref, Query(examples=["410199001001001"])]
) -> Duty:
    """Who is on duty: in the grid, or else in the nearest one above it."""
    database = request.app.state.runtime.database
    zone = await _zone(database, when)
    for code in await ground_of(request, grid, when):
        posted = await _posted(database, code, when)
        members = [m for m in _members(posted, when, zone) if m.on_duty]
        if members:
            return Duty(grid=grid, at=when, zone=zone, on_duty=members, nearest=code)
    return Duty(grid=grid, at=when, zone=zone, on_duty=[], nearest=None)


async def _grid(request: Request, code: str, when: datetime) -> GridPublished:
    spans = (await index(request)).valid(when)
    found = next((span.data for span in spans if span.data.grid == code), None)
    if found is None:
        raise NotFound(f"no grid {code} was valid at {when.isoformat()}")
    return found


async def _posted(database: Database, grid: str, when: datetime) -> list[PostingStarted]:
    found = await valid(database, KINDS["posting"], PostingStarted, {"grids": grid}, when)
    return [post for post in found if post.grid == grid]


async def _head(database: Database, when: datetime) -> DistrictPublished | None:
    found = await valid(database, KINDS["district"], DistrictPublished, {}, when)
    return found[0] if found else None


async def _zone(database: Database, when: datetime) -> str:
    """Of the newest calendar in force, else the district's."""
    calendars = await valid(database, KINDS["calendar"], CalendarPublished, {}, when)
    head = await _head(database, when)
    own = [c for c in calendars if head is None or c.calendar == head.calendar]
    if own:
        return max(own, key=version).zone
    return head.zone if head else UTC


def _roles(
    posted: Iterable[PostingStarted], head: DistrictPublished | None, when: datetime, zone: str
) -> list[RoleOut]:
    names = {each.role: each.name for each in head.roles} if head else {}
    by_role: dict[str, list[PostingStarted]] = defaultdict(list)
    for post in posted:
        by_role[post.role].append(post)
    return [
        RoleOut(role=role, name=names.get(role), members=_members(held, when, zone))
        for role, held in sorted(by_role.items())
    ]


def _members(posted: Sequence[PostingStarted], when: datetime, zone: str) -> list[Member]:
    local = local_time(when, zone)
    return [
        Member(person=post.person, posting=post.posting, accountable=post.accountable,
               on_duty=on_duty(post, local), until=post.valid_to)
        for post in posted
    ]  # fmt: skip
