"""A case in the field: taking, completing, returning, asking for time, verifying, placing."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.asking import Refusal
from console.adapters.field import Field
from console.api import forms
from console.api.staff.field_shown import Worker, back, field_of, own_cases, show
from console.domain.names import Grid, Names
from console.staff import Staff
from console.views.field_day import forms as offered
from console.views.field_day import work_of
from console.views.field_steps import FAILS, PHOTO, RETURNS, WAITS, Step, told
from console.views.field_told import Attachments, Case
from service_kit import clock

router = APIRouter(prefix="/staff/field/cases/{case}", tags=["field"])
DAY = "/staff/field"
PURPOSES = {"verify": "verify"}
HANDLE = "handle-task"
REASONS = {"returns": RETURNS, "waits": WAITS, "fails": FAILS}


@router.get("", response_class=Response)
async def show_case(request: Request, case: str, staff: Worker) -> Response:
    """What it is, until when, photos before and after, and what this person can do now."""
    work, field = own_cases(staff), field_of(staff)
    found, actions, photos, names = await asyncio.gather(
        work.case(case),
        work.actions(case),
        _photos(staff, field, case),
        staff.house.directory.names(),
    )
    seen = work_of(found, staff.person.id, clock.now())
    given = {
        "work": seen, "steps": offered(actions), "photos": photos,
        "closing": await _closing(field, found),
        "grids": await _grids(field, staff, names), "departments": names.departments, "part": "day",
        **REASONS,
    }  # fmt: skip
    return await show(request, staff, "staff/field_case.html", given)


@router.get("/photos/{evidence}", response_class=Response)
async def photo(request: Request, case: str, evidence: str, staff: Worker) -> Response:
    """A photo of the case, in the copy that those who handle it may see; written into the audit
    with its purpose, so that there is one only for whom the case waits."""
    found = await own_cases(staff).case(case)
    what = work_of(found, staff.person.id, clock.now()).what
    if what == "look":
        raise Refusal(403, "forbidden")
    file = await field_of(staff).photo(case, evidence, PURPOSES.get(what, HANDLE))
    return Response(file.data, 200, {"Cache-Control": "private, no-store"}, media_type=file.kind)


@router.post("/{step}", response_class=Response)
async def take_step(request: Request, case: str, step: Step, staff: Worker) -> Response:
    """Do it; what is refused is said on the case's page."""
    try:
        await _done(request, case, step, staff)
    except Refusal as refusal:
        return back(request, f"/staff/field/cases/{case}", failed=refusal.code)
    except ValueError:
        return back(request, f"/staff/field/cases/{case}", failed="invalid")
    if step == "take":
        return back(request, f"/staff/field/cases/{case}", done=step)
    return back(request, DAY, done=step)


async def _done(request: Request, case: str, step: Step, staff: Staff) -> None:
    """Raises Refusal, and ValueError for a form that says too little."""
    sent = await forms.of_staff(request)
    form = {name: said for name, said in sent.fields.items() if isinstance(said, str)}
    found, field = await own_cases(staff).case(case), field_of(staff)
    told(step, form, found, ())  # nothing is attached for a form that says too little
    photos = sent.photos if step in PHOTO and found.task is not None else ()
    task = found.task.id if found.task is not None else ""
    evidence = [await field.attach_work(case, task, "after", each) for each in photos]
    said = told(step, form, found, evidence)
    await own_cases(staff).do(case, said.route, said.body, form.get("key", ""))


async def _photos(staff: Staff, field: Field, case: str) -> Attachments:
    if not staff.person.may("evidence.read"):
        return Attachments(attachments=[], withheld=0)
    return await field.attachments(case)


async def _closing(field: Field, case: Case) -> dict[str, str] | None:
    """What has to be so, by the version of the standard that the case was filed under."""
    if case.standard is None:
        return None
    found = await field.closing(case.standard.id, case.standard.version)
    return found.get((case.matter, case.condition))


async def _grids(field: Field, staff: Staff, names: Names) -> list[Grid]:
    """The lowest grids on the ground of one's posts, and those beside them."""
    posts = await field.posts(staff.person.id)
    above = {names.grids[p.grid].parent for p in posts if p.grid in names.grids}
    own = {p.grid for p in posts} | {each for each in above if each is not None}
    parents = {grid.parent for grid in names.grids.values()}
    return [g for g in names.grids.values() if g.code not in parents and own & {*g.path, g.code}]
