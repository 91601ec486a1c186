"""Finding cases: by what they are, or by words that were said on them."""

from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.cases import Cases, part
from console.adapters.desk import Desks
from console.api import forms
from console.api.staff.case_given import Reading, area_of
from console.domain.bulk_acts import ACTIONS
from console.domain.case_filters import SHARES, STATUSES, Filters, filters_of
from console.domain.names import Names
from console.house import house_of
from console.staff import Staff
from console.views.desk_shown import rows_shown
from console.views.desk_told import Found, Page
from service_kit import clock

router = APIRouter(prefix="/staff/desk/search", tags=["desk"])
LEVELS = 4
"""So many levels of the territory are to choose from, the district first; lower ones by code."""


@router.get("", response_class=Response)
async def search(request: Request, staff: Reading, after: str | None = None) -> Response:
    """A page of the list that is asked for, the newest first; to be chosen from where one may do
    something to many at once."""
    zone = ZoneInfo(house_of(request).settings.zone)
    filters = filters_of(dict(request.query_params))
    page = await Desks(staff.peer("dispatch")).listed(filters.query(zone, after))
    return await _page(request, staff, filters, page, None)


@router.post("", response_class=Response)
async def by_words(request: Request, staff: Reading) -> Response:
    """Cases that the reader may act on, in whose statements the words stand. Dispatch writes down
    who looked, in which cases and what for."""
    fields = (await forms.of_staff(request)).fields
    words, purpose = str(fields.get("words", "")).strip(), str(fields.get("purpose", ""))
    found = await Desks(staff.peer("dispatch")).search(words, purpose)
    page = Page(cases=found.cases, cursor=None)
    return await _page(request, staff, Filters(), page, found, words)


async def _page(
    request: Request, staff: Staff, filters: Filters, page: Page, found: Found | None,
    words: str = "",
) -> Response:  # fmt: skip
    names = await house_of(request).directory.names()
    purposes = await part(Cases(staff.peer).purposes("dispatch", "/statements/purposes"))
    given = {
        "filters": filters, "found": found, "words": words, "cursor": page.cursor,
        "rows": rows_shown(page.cases, staff.person.id, (), clock.now()),
        "grids": _grids(names), "statuses": STATUSES, "shares": SHARES,
        "purposes": purposes.found or [],
        "actions": ACTIONS if staff.person.may("cases.supervise") else (),
    }  # fmt: skip
    return await staff.show(request, "staff/desk_search.html", area_of(staff.person), given)


def _grids(names: Names) -> list[str]:
    """Those to choose from, each behind the one above it."""
    upper = [code for code, grid in names.grids.items() if len(grid.path) < LEVELS - 1]
    return sorted(upper, key=names.within)
