"""A standard or a calendar published by itself: judged with what stands, and each on its own."""

from collections.abc import Sequence

from case_contracts.district import DistrictError, DistrictPart, Item, Origin, Raw
from case_contracts.events.registry import (
    CalendarPublished,
    DistrictPublished,
    StandardPublished,
)
from case_contracts.values import Versioned
from registry.domain.kinds import version
from registry.domain.plan import Plan, Published, plan_part
from registry.domain.validation.draft import Draft, draft
from registry.domain.validation.findings import Findings
from registry.domain.validation.rules import check_calendar, check_standard
from service_kit.errors import NotFound

KINDS_NEEDED = ("calendar", "standard", "department", "matter", "district")


def plan_rules(part: DistrictPart, published: Published, district: str) -> Plan:
    """As ``plan_part``, and also what nothing that stands would show: a version that nobody pins
    yet, a standard that is not the district's."""
    found = plan_part(part, published, district)
    read, alone = draft(part, Findings()), Findings()
    if read.standard:
        check_standard(read.standard, alone)
    if read.calendar:
        check_calendar(read.calendar, alone)
    _check_names(read, published, alone)
    known = {(each.code, each.message) for each in found.errors}
    found.errors += [e for e in alone.errors if (e.code, e.message) not in known]
    found.warnings += _unused(read, published)
    return found


def pinning(standard: str, calendar: CalendarPublished, published: Published) -> Raw | None:
    """The next version of a standard, the same but for the calendar that it pins; None where its
    newest version pins it already. Raises NotFound."""
    newest = newest_standard(standard, published)
    pin = Versioned(id=calendar.calendar, version=calendar.version)
    if newest.calendar == pin:
        return None
    after = newest.model_copy(
        update={
            "version": newest.version + 1,
            "calendar": pin,
            "valid_from": max(newest.valid_from, calendar.valid_from),
        }
    )
    origin = Origin(file=f"{standard} version {after.version}")
    return Item(origin=origin, value=after.model_dump(mode="json"))


def newest_standard(standard: str, published: Published) -> StandardPublished:
    """Its highest version; raises NotFound."""
    said = published.get(f"standard:{standard}", ())
    found = [event for event in said if isinstance(event, StandardPublished)]
    if not found:
        raise NotFound(f"there is no standard {standard}")
    return max(found, key=version)


def _check_names(read: Draft, published: Published, findings: Findings) -> None:
    heads = [e for said in published.values() for e in said if isinstance(e, DistrictPublished)]
    if not heads or read.standard is None or heads[-1].standard == read.standard.data.standard:
        return
    named, given = heads[-1].standard, read.standard.data.standard
    findings.error("standard_differs", read.standard.origin.at(("standard",)),
                   f"standard {named} is named, but {given} is given",
                   f"the district has one standard: give it the id {named}")  # fmt: skip


def _unused(read: Draft, published: Published) -> Sequence[DistrictError]:
    if read.calendar is None:
        return ()
    data = read.calendar.data
    pin = Versioned(id=data.calendar, version=data.version)
    standards = [e for said in published.values() for e in said if isinstance(e, StandardPublished)]
    wanted = [read.standard.data] if read.standard else []
    if any(each.calendar == pin for each in [*standards, *wanted]):
        return ()
    names = sorted({each.standard for each in standards})
    hint = f"send it with pinned_by={names[0]}" if names else "publish a standard that pins it"
    return [
        DistrictError(
            code="calendar_unused", origin=Origin(file=read.calendar.origin.file),
            message=f"no version of a standard pins {pin.id} version {pin.version}: nothing is"
            " counted by it",
            hint=hint,
        )
    ]  # fmt: skip
