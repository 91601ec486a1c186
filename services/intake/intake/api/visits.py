"""Visits: one's own diary (民情日记), and what those above a grid may see of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from case_contracts.events.intake import VisitLogged
from case_contracts.values import Ref
from intake.api.reveal import Purpose
from intake.api.schemas import Answers
from intake.api.visit_access import After, Here, Limit, Looker, Scene, Visitor, When
from intake.api.visit_schemas import Codes, Diary, NoteOut, VisitIn, VisitTaken
from intake.api.visit_shown import visit_rows, without_complaints
from intake.api.visit_taking import take_visit
from intake.domain.visit_errors import NotYourGrid
from intake.domain.visit_labels import PERIODS, ROUND_KINDS, TOPICS, VISIT_KINDS
from intake.views import visits
from intake.views.visit_pages import page
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.vault import audit

router = APIRouter(prefix="/visits", tags=["visits"])
NOTE, ERASE = "visit-note", "erase-visit-note"
Eraser = Annotated[Principal, Depends(needs("vault.erase"))]
Visit = Annotated[str, Path(pattern=r"^visit:[0-9a-f-]{36}$", examples=[f"visit:{'0' * 36}"])]
REFUSALS: Answers = {
    403: {"description": "No scope visits.write, or reports.staff for reports and services; or"
                         " not_your_grid: no post of yours in the grid or above it"},
    409: {"description": "off_shift: leave the point out; not_consented: leave the household"
                         " out, or have its consent registered"},
    422: {"description": "Not valid, with the fields; or the id came with another content"},
}  # fmt: skip
GONE: Answers = {
    404: {"description": "No such visit that you may see, or it has no note"},
    410: {"description": "The note was erased: its key is destroyed"},
}


@router.post("", status_code=201, responses=REFUSALS)
async def post_visit(here: Here, body: VisitIn, caller: Visitor) -> VisitTaken:
    """Log a visit, with the reports and on-behalf services (代办) that came of it. Each service
    opens its case, of which the visit is the origin. Sent again, nothing is doubled."""
    return await take_visit(here, caller, body)


@router.get("", responses={403: {"description": "not_your_grid: somebody else's diary"}})
async def diary(
    here: Here, caller: Looker, when: When,
    grid: Annotated[Ref | None, Query(description="What happened in it and below; for those in"
                                      " it or above it with visits.read")] = None,
    person: Annotated[Ref | None, Query(description="Whose; one's own where no grid is given")]
    = None,
    limit: Limit = 100, after: After = None,
) -> Diary:  # fmt: skip
    """One's own visits in a period; or with ``grid`` those made on its ground, without notes."""
    query = _whose(here, caller, grid, person)
    found = await page(here.runtime.database[visits.VISITS], query, when, limit, after)
    logged = [visits.logged(row) for row in found.rows]
    rows = await visit_rows(here, await without_complaints(here, caller, logged))
    return Diary(visits=rows, cursor=found.cursor)


@router.get("/codes")
async def codes(caller: Looker) -> Codes:
    """What kinds of visits and rounds and which topics there are, in Chinese and English."""
    return Codes(kinds=VISIT_KINDS, topics=TOPICS, rounds=ROUND_KINDS, periods=PERIODS)


@router.get("/{visit}/note", responses=GONE)
async def note(here: Here, visit: Visit, purpose: Purpose, caller: Looker) -> NoteOut:
    """What was written down, for a purpose: of one's own visit, or of one on one's ground."""
    found = await visits.visit(here.runtime.database, visit)
    if found is None or not _may_see(here, caller, found):
        raise NotFound("there is no such visit that you may see")
    await audit.note_many(
        here.runtime.database, caller, NOTE, [visit], purpose, person=found.person
    )
    return NoteOut(visit=visit, note=(await here.room.notes.get(visit)).decode())


@router.delete("/{visit}/note", status_code=204, responses={404: GONE[404]})
async def erase(here: Here, visit: Visit, purpose: Purpose, caller: Eraser) -> None:
    """Destroy the note's key; the visit itself stays."""
    found = await visits.visit(here.runtime.database, visit)
    if found is None or not found.noted:
        raise NotFound("there is no such visit, or it has no note")
    await audit.note_many(
        here.runtime.database, caller, ERASE, [visit], purpose, person=found.person
    )
    await here.room.notes.erase(visit, clock.now())


def _whose(here: Scene, caller: Principal, grid: str | None, person: str | None) -> dict[str, str]:
    if grid is None:
        if person not in (None, caller.id):
            raise NotYourGrid("somebody else's diary: give the grid, if you stand above it")
        return {"person": caller.id}
    if not caller.may("visits.read"):
        raise NotYourGrid("what others did in a grid needs the scope visits.read")
    here.check_above(caller.id, grid)
    return {"ground": grid} | ({"person": person} if person else {})


def _may_see(here: Scene, caller: Principal, visit: VisitLogged) -> bool:
    above = caller.may("visits.read") and here.stands_above(caller.id, visit.grid, visit.visited_at)
    return visit.person == caller.id or above
