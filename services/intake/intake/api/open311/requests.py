"""Requests as everybody may see them: never a reporter's words, contact or exact place."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from case_contracts.values import Text
from intake.api.open311.asking import Asking
from intake.api.open311.posting import request_id
from intake.domain import open311_labels as labels
from intake.domain.labels import REJECTIONS, STEPS
from intake.domain.listed import is_listed
from intake.domain.open311 import (
    Status,
    Wanted,
    matter_of,
    may_be_seen,
    service_code,
    span_of,
)
from intake.views.open311 import AT_A_TIME, Shown, shown
from intake.views.open311_lists import listed
from intake.views.progress import Names, names
from service_kit import clock
from service_kit.errors import Invalid, NotFound

MOST = 1000
MOST_CODES = 200
MOST_DEEP = 5000
"""How far pages reach: what lies further back is asked for with an earlier ``end_date``."""


async def of_ids(asking: Asking, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Those of the requests that there are, in the order asked for."""
    reports = [f"report:{each}" for each in dict.fromkeys(ids)]
    found: list[Shown] = []
    for begin in range(0, len(reports), AT_A_TIME):
        found += await shown(asking.runtime.database, reports[begin : begin + AT_A_TIME])
    return [_public(asking, each) for each in found if may_be_seen(each.report)]


async def one(asking: Asking, request: str) -> list[dict[str, Any]]:
    """A list of one; raises NotFound for what is unknown, not decided yet, or not public."""
    found = await of_ids(asking, [request])
    if not found:
        raise NotFound("service_request_id was not found")
    return found


async def page_of(asking: Asking, wanted: Wanted, page: int, size: int) -> list[dict[str, Any]]:
    """The newest first; raises Invalid for a page that is too far back."""
    if page * size > MOST_DEEP:
        raise _wrong("page", f"ends with request {MOST_DEEP}: ask for an earlier end_date")
    found: list[dict[str, Any]] = []
    skip = (page - 1) * size
    async for each in listed(asking.runtime.database, wanted, clock.now()):
        if skip:
            skip -= 1
            continue
        found.append(_public(asking, each))
        if len(found) == size:
            break
    return found


def wanted_of(
    service_codes: str | None, start_date: str | None, end_date: str | None, status: str | None
) -> Wanted:
    """What the filters ask for; raises Invalid with the one that is wrong."""
    start, end = _time("start_date", start_date), _time("end_date", end_date)
    statuses = set(_several("status", status))
    if not statuses <= set(Status):
        raise _wrong("status", "is one of open, closed")
    codes = _several("service_code", service_codes)
    return Wanted(
        span=span_of(start, end, clock.now()),
        matters=frozenset(matter_of(code) for code in codes) or None,
        status=Status(statuses.pop()) if len(statuses) == 1 else None,
    )


def ids_of(service_request_ids: str | None) -> list[str]:
    """The ids of a list with commas; raises Invalid for too many."""
    found = _several("service_request_id", service_request_ids, MOST)
    return [each.lower() for each in found]


def _several(name: str, text: str | None, most: int = MOST_CODES) -> list[str]:
    found = [each.strip() for each in (text or "").split(",") if each.strip()]
    if len(found) > most:
        raise _wrong(name, f"at most {most} at once")
    return found


def _time(name: str, text: str | None) -> datetime | None:
    """A W3C date and time; a ``+`` of the zone that came as a blank is taken for one."""
    if not text or not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _wrong(name, "needs date, time and zone, for example 2026-01-05T08:00:00Z")


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}", errors=[{"field": field, "message": message}])


def _public(asking: Asking, found: Shown) -> dict[str, Any]:
    report, labelled = found.report, names(found.report, asking.world)
    about_place = is_listed(report.matter)
    point = report.said.point if report.said and about_place else None
    return {
        "service_request_id": request_id(report.report),
        "status": found.status.value,
        "status_notes": _notes(asking, found),
        "service_name": asking.label(labelled.matter or labels.OTHER_NAME),
        "service_code": service_code(report.matter),
        "description": _description(asking, labelled),
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": _written(asking, report.reported_at),
        "updated_datetime": _written(asking, found.updated_at),
        "expected_datetime": _written(asking, found.way.due_at),
        "address": _address(asking, labelled if about_place else Names()),
        "address_id": None,
        "zipcode": None,
        "lat": point.lat if point else None,
        "long": point.lon if point else None,
        "media_url": None,
    }


def _notes(asking: Asking, found: Shown) -> str:
    report, way = found.report, found.way
    if report.rejected is not None:
        parts = [REJECTIONS[report.rejected], *([report.turn_to] if report.turn_to else [])]
        return " ".join(asking.label(part) for part in parts)
    if report.withdrawn_at is not None:
        return asking.label(labels.WITHDRAWN)
    if way.closed_at is not None:
        return asking.label(labels.CLOSED)
    if way.voided_at is not None:
        return asking.label(labels.VOIDED)
    now = asking.label(labels.NEXT) + asking.label(STEPS[way.step])
    return now + (asking.label(labels.OVERDUE) if way.overdue else "")


def _description(asking: Asking, labelled: Names) -> str | None:
    """Matter and condition, never what the reporter wrote."""
    known = [each for each in (labelled.matter, labelled.condition) if each is not None]
    return labels.listed(map(asking.label, known), asking.language) or None


def _address(asking: Asking, labelled: Names) -> str:
    """The grid and the district: from the most specific to the most general."""
    district = asking.world.loaded().name
    known: list[Text] = [*([labelled.grid] if labelled.grid else []), district]
    return labels.listed(dict.fromkeys(map(asking.label, known)), asking.language)


def _written(asking: Asking, when: datetime | None) -> str | None:
    """In the district's own time, with its zone."""
    if when is None:
        return None
    zone = ZoneInfo(asking.world.loaded().zone)
    return when.astimezone(zone).isoformat(timespec="seconds")
