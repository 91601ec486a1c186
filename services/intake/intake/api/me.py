"""What members of staff may ask about themselves: all that is held, and whom to visit next."""

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Depends, Query

from case_contracts.values import Point
from intake.adapters.visit_room import KEPT
from intake.api.me_schemas import (
    ELSEWHERE,
    HeldCheckin,
    HeldGroup,
    HeldPost,
    HeldReport,
    HeldVisit,
    Looked,
    MyData,
    Role,
)
from intake.api.round_schemas import Due
from intake.api.rounds import due_rows
from intake.api.visit_access import Here, Scene, Visitor
from intake.api.visit_shown import visit_rows
from intake.domain.report import ReportState
from intake.views import me, visits
from service_kit.auth import Principal
from service_kit.auth.principal import ANONYMOUS
from service_kit.errors import Forbidden, Unauthenticated
from service_kit.http.access import Caller
from service_kit.validity import END

router = APIRouter(prefix="/me", tags=["me"])
Year = Annotated[
    int | None, Query(ge=2000, le=2200, description="In the district's zone; the present one")
]


def myself(caller: Caller) -> Principal:
    """Any member of staff, whatever else they may do."""
    if caller is ANONYMOUS:
        raise Unauthenticated("this needs a bearer token")
    if caller.kind != "staff":
        raise Forbidden("this is for members of staff: what is held on the person of the token")
    return caller


Myself = Annotated[Principal, Depends(myself)]


@router.get("/rounds")
async def my_rounds(here: Here, caller: Visitor) -> Due:
    """Whom one is to visit next: one's contact groups, and the grids that one answers for, by how
    much they are overdue. An order of work, and no score."""
    rows = await due_rows(here, lambda target: caller.id in target.contacts)
    return Due(at=here.now, rows=rows)


@router.get("/data")
async def my_data(here: Here, caller: Myself, year: Year = None) -> MyData:
    """All that intake holds on the caller in a year, and where to ask for the rest. Needs no
    scope: it is one's own."""
    zone = ZoneInfo(here.district.zone)
    asked = year or here.now.astimezone(zone).year
    span = (_new_year(asked, zone), _new_year(asked + 1, zone))
    return MyData(
        person=caller.id,
        year=asked,
        since=span[0],
        until=span[1],
        posts=_posts(here, caller.id),
        groups=_groups(here, caller.id),
        visits=await _visits(here, caller.id, span),
        checkins=await _checkins(here, caller.id, span),
        reports=await _reports(here, caller.id, span),
        looked_at=[
            Looked.model_validate(row)
            for row in await me.looked_at(here.runtime.database, caller.id, span)
        ],
        elsewhere=ELSEWHERE,
    )


def _new_year(year: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(date(year, 1, 1), time(0), zone)


def _posts(here: Scene, person: str) -> list[HeldPost]:
    spans = here.field.postings.by_person.get(person, ())
    return [
        HeldPost(
            posting=span.data.posting,
            role=span.data.role,
            grid=span.data.grid,
            shifts=list(span.data.shifts),
            since=span.start,
            until=_until(span.end),
        )
        for span in spans
    ]


def _groups(here: Scene, person: str) -> list[HeldGroup]:
    return [
        HeldGroup(
            group=span.data.group, grid=span.data.grid, since=span.start, until=_until(span.end)
        )
        for spans in here.field.groups.by_group.values()
        for span in spans
        if span.data.person == person
    ]


def _until(end: datetime) -> datetime | None:
    return None if end == END else end


async def _visits(here: Scene, person: str, span: tuple[datetime, datetime]) -> list[HeldVisit]:
    found = [visits.logged(row) for row in await me.visits(here.runtime.database, person, span)]
    notes = await here.room.notes.get_many([each.visit for each in found if each.noted])
    return [
        HeldVisit(visit=row, note=notes[row.visit].decode() if row.visit in notes else None)
        for row in await visit_rows(here, found)
    ]


async def _checkins(here: Scene, person: str, span: tuple[datetime, datetime]) -> list[HeldCheckin]:
    found = await me.checkins(here.runtime.database, person, span)
    kept = [each.checkin for each in found if _kept(each.checked_in_at, here.now)]
    places = await here.room.places.get_many(kept)
    rows = []
    for each in found:
        assert each.checked_in_at is not None
        sealed = places.get(each.checkin)
        rows.append(
            HeldCheckin(
                checkin=each.checkin,
                posting=each.posting,
                grid=each.grid,
                inside=each.inside,
                checked_in_at=each.checked_in_at,
                point=Point.model_validate(orjson.loads(sealed)) if sealed else None,
                kept_until=each.checked_in_at + KEPT if sealed else None,
            )
        )
    return rows


def _kept(at: datetime | None, now: datetime) -> bool:
    return at is not None and at + KEPT > now


async def _reports(here: Scene, person: str, span: tuple[datetime, datetime]) -> list[HeldReport]:
    found = await me.reports(here.runtime.database, person, span)
    return [row for state in found if (row := _report(state, person)) is not None]


def _report(state: ReportState, person: str) -> HeldReport | None:
    said = state.said
    if said is None:
        return None
    roles: list[Role] = []
    if said.by == person:
        roles.append("by")
    if said.receiver == person:
        roles.append("receiver")
    return HeldReport(
        report=said.report,
        case=said.case,
        matter=said.matter,
        reported_at=said.reported_at,
        roles=roles,
    )
