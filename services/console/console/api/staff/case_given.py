"""What the page of a case is given, part by part; each part is asked for anew when it changes."""

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, HTTPException, Path, Request
from fastapi.responses import Response

from console.adapters.cases import Cases, Part, part
from console.adapters.ground import Ground, Post
from console.domain.case_bodies import Fields
from console.domain.person import Area, Person
from console.staff import Staff, signed
from console.views.beside_told import Evidence, Notice
from console.views.case_shown import Offers, offers, waits_shown
from console.views.case_told import Case
from console.views.clock_shown import clocks_shown
from console.views.happened import Told, happened
from service_kit import clock

READS = ("cases.read", "cases.supervise")
AREAS: tuple[Area, ...] = ("desk", "field", "command", "operator")
PURPOSES = ("handle-task", "verify", "complaint")
"""What photos may be looked at for."""
CaseId = Annotated[str, Path(pattern=r"^case:[A-Za-z0-9_:-][A-Za-z0-9._:@-]{0,150}$")]


async def reading(request: Request) -> Staff:
    """Somebody who may read cases, else 403; departments have pages of their own."""
    staff = await signed(request)
    if not staff.person.may(*READS):
        raise HTTPException(403, "not_yours")
    return staff


Reading = Annotated[Staff, Depends(reading)]


@dataclass(frozen=True)
class Answered:
    """What became of a form: ``done`` or ``failed`` is the code of what is said, ``step`` whose
    form it was, ``wrong`` the field that was not filled in, ``kept`` what was in it."""

    done: str = ""
    failed: str = ""
    step: str = ""
    wrong: str = ""
    kept: Fields = field(default_factory=dict)
    key: str = ""


def area_of(person: Person) -> Area | None:
    """Of whose pages this is one."""
    return next((each for each in AREAS if each in person.areas), None)


async def case_page(
    request: Request, staff: Staff, case: str, answered: Answered, photos: str | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    """The whole page, with what a form came to. ``photos`` is what they are looked at for."""
    cases = Cases(staff.peer)
    found, clocks, time, actions, evidence = await asyncio.gather(
        head(staff, case), clock_(staff, case), time_(staff, case),
        cases.actions(case), part(cases.evidence(case)),
    )  # fmt: skip
    can = offers(actions, case)
    given = {
        **found, **clocks, **time, "offers": can, "answered": answered, "photos": photos,
        "evidence": evidence, "after": _after(evidence), "purposes": PURPOSES,
        "posts": await _posts(staff, found["case"], can), "new_key": lambda: str(uuid.uuid4()),
    }  # fmt: skip
    return await staff.show(request, "staff/case.html", area_of(staff.person), given, status)


async def head(staff: Staff, case: str) -> dict[str, Any]:
    """Whose turn it is."""
    cases, at = Cases(staff.peer), clock.now()
    found, turn = await asyncio.gather(cases.case(case), cases.turn(case))
    waits = waits_shown(turn.waits, found, staff.person.id, at)
    return {"case": found, "waits": waits, "coming": turn.coming, "now": at}


async def clock_(staff: Staff, case: str) -> dict[str, Any]:
    """Why each deadline is what it is."""
    told = await Cases(staff.peer).clock(case)
    return {"id": case, "clocks": clocks_shown(told, clock.now()), "zone_told": ZoneInfo(told.zone)}


async def time_(staff: Staff, case: str) -> dict[str, Any]:
    """What happened; a service that this person may not ask is left out."""
    cases = Cases(staff.peer)
    (entries, whole), reports, evidence, operations = await asyncio.gather(
        cases.timeline(case), part(cases.reports(case)),
        part(cases.evidence(case)), part(cases.operations(case)),
    )  # fmt: skip
    told = Told(
        entries=entries,
        reports=reports.found or (),
        evidence=evidence.found or (),
        operations=operations.found or (),
        notices=await _notices(cases, [each.report for each in reports.found or ()]),
    )
    return {"id": case, "happened": happened(told), "whole": whole}


async def _notices(cases: Cases, reports: Iterable[str]) -> list[Notice]:
    found = await asyncio.gather(*(part(cases.notices(each)) for each in reports))
    return [notice for each in found for notice in each.found or ()]


def _after(evidence: Part[list[Evidence]]) -> list[Evidence]:
    """What shows the work: it can be referred to when it is completed or checked."""
    return [each for each in evidence.found or () if each.phase == "after"]


async def _posts(staff: Staff, case: Case, can: Offers) -> list[Post]:
    """Whom a form may name; asked for only where there is such a form."""
    acts = (offer.act for offer in can.open if offer.act is not None)
    if not any(each.kind == "post" for act in acts for each in act.fields):
        return []
    ground = Ground(staff.peer("registry"))
    found = await part(ground.posts([case.grid, *reversed(case.grid_path)]))
    return found.found or []
