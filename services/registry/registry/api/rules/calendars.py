"""Work calendars: publishing a version, drafting one for a year, reading one."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request

from case_contracts.district import ChangeResult, DistrictPart, Item, Origin
from case_contracts.events.registry import CalendarPublished
from case_contracts.values import Ref
from registry.adapters.holiday_sources import CHINESE, HOLIDAYS, days_of
from registry.api.answers import MISSING, READ, REFUSALS, Writer
from registry.api.changing import CHANGED, DryRun, Key, planned_of
from registry.api.rules.schemas import DRAFTED, CalendarDraft, CalendarDraftIn, CalendarIn, Words
from registry.api.rules.shared import Version, change_planned
from registry.api.rules.versions import version_of
from registry.api.schemas import example
from registry.commands.change import Planned
from registry.domain.calendar_draft import blank, drafted
from registry.domain.plan import Published
from registry.domain.rulebook import KINDS_NEEDED, pinning, plan_rules
from service_kit.errors import Invalid, NotFound

router = APIRouter(prefix="/calendars", tags=["rules"], responses=REFUSALS)
_NOTES = {
    CHINESE: Words(
        zh="来自国务院公布的放假安排, 含调休上班日; 发布前请核对",
        en="from the State Council's announcements, with make-up days; check before publishing",
    ),
    HOLIDAYS: Words(
        zh="按规则推算的法定节日, 不含临时公布的调休; 发布前请核对并补充 days",
        en="computed; make-up days that a government announces are not in it: check, and add days",
    ),
}
_OWN = Words(zh="仅含所给的日期", en="only the days that were given")
_PINNED = Query(
    description="also publish the next version of this standard, which pins this calendar version:"
    " a calendar counts for nothing until a standard does",
    examples=["lanhe"],
)


@router.post("", responses=CHANGED | MISSING)
async def publish(
    request: Request, body: CalendarIn, caller: Writer,
    pinned_by: Annotated[Ref | None, _PINNED] = None, key: Key = None, dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """Publish a version of a calendar, and with `pinned_by` in the same change the version of the
    standard that pins it; without, a warning says that nothing is counted by it yet."""
    raw = Item(origin=Origin(file="calendar"), value=await request.json())
    district = request.app.state.runtime.settings.district

    def plan(published: Published) -> Planned:
        standard = pinning(pinned_by, body, published) if pinned_by else None
        part = DistrictPart(calendar=raw, standard=standard)
        return planned_of(plan_rules(part, published, district))

    return await change_planned(
        request, caller, body, plan, kinds=KINDS_NEEDED, kind="publish-calendar",
        about=[f"calendar:{body.calendar}"], purpose=None, key=key, dry_run=dry_run,
    )  # fmt: skip


@router.post("/draft", dependencies=READ, responses={200: example(DRAFTED)})
async def draft(request: Request, body: CalendarDraftIn) -> CalendarDraft:
    """A calendar for a year, from public holidays. Nothing is published: look at it, correct it,
    and send it to `POST /calendars`. 422 `year_unknown` where the source does not know the year."""
    source = body.source or (CHINESE if body.country == "CN" else HOLIDAYS)
    days = await asyncio.to_thread(days_of, source, body.country, body.subdivision, body.year)
    base = await _base(request, body)
    return CalendarDraft(
        source=source,
        holidays=sum(not day.working for day in days),
        make_up_days=sum(day.working for day in days),
        note=_NOTES.get(source, _OWN),
        draft=drafted(base, body.year, days, body.days),
    )


async def _base(request: Request, body: CalendarDraftIn) -> CalendarPublished:
    try:
        found = await version_of(request, f"calendar:{body.calendar}", CalendarPublished, None)
    except NotFound:
        if body.weekdays is None:
            raise Invalid(
                f"weekdays: there is no calendar {body.calendar} yet, so its hours must be given"
            ) from None
        return blank(body.calendar, body.zone, body.weekdays)
    return found.model_copy(update={"weekdays": body.weekdays}) if body.weekdays else found


@router.get(
    "/{calendar:path}",
    dependencies=READ,
    responses=MISSING | {200: example(CalendarPublished.EXAMPLE)},
)
async def one(request: Request, calendar: str, version: Version = None) -> CalendarPublished:
    """A work calendar: hours per weekday, holidays and make-up working days."""
    return await version_of(request, f"calendar:{calendar}", CalendarPublished, version)
