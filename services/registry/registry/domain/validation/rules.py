"""Standard, calendar and what the head says of them; approvals and shifts."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from case_contracts.district import Origin
from case_contracts.events.registry import CalendarPublished, StandardMatter, StandardPublished
from case_contracts.values import Hours
from registry.domain.validation.commitments import check_commitments
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings

_EVIDENCE = re.compile(r"^[a-z0-9-]{1,60}$")


def check_rules(draft: Draft, district: str, findings: Findings) -> None:
    """All that concerns the rules by which cases are counted, and who approved them."""
    if draft.calendar:
        check_calendar(draft.calendar, findings)
    if draft.standard:
        check_standard(draft.standard, findings)
    _check_head(draft, district, findings)
    _check_approvals(draft, findings)
    check_commitments(draft, findings)
    for posting in draft.postings:
        for shift in posting.data.shifts:
            _check_hours([shift.hours], posting.origin.at(("shifts",)), findings)


def _check_approvals(draft: Draft, findings: Findings) -> None:
    for charter in draft.charters:
        if len(set(charter.data.approved_by)) < 2:
            findings.error("approvers_same", charter.origin.at(("approved_by",)),
                           "a charter entry is approved by two different people",
                           "name the second one")  # fmt: skip
    for admission in draft.admissions:
        data, origin = admission.data, admission.origin
        people = [data.proposed_by, data.reviewed_by, data.also_reviewed_by]
        named = [each for each in people if each is not None]
        if len(set(named)) < len(named):
            findings.error("approvers_same", origin.at(("reviewed_by",)),
                           "an admission is reviewed by others than who proposed it, each once",
                           "name the reviewer")  # fmt: skip
        if data.urgent and data.valid_to is None:
            findings.error("urgent_open", origin.at(("urgent",)),
                           f"{data.matter}: an urgent admission is temporary, and has an end",
                           "give valid_to")  # fmt: skip


def _check_head(draft: Draft, district: str, findings: Findings) -> None:
    if draft.head is None:
        return
    head, origin = draft.head.data, draft.head.origin
    _check_zone(head.zone, origin, findings)
    if head.district != district:
        findings.error("district_differs", origin.at(("district",)),
                       f"district {head.district} is given, but this registry serves {district}",
                       "load it into its own registry, or correct the id")  # fmt: skip
    if draft.calendar and head.calendar != draft.calendar.data.calendar:
        _differs(findings, origin.at(("calendar",)), "calendar", head.calendar,
                 draft.calendar.data.calendar)  # fmt: skip
    if draft.standard and head.standard != draft.standard.data.standard:
        _differs(findings, origin.at(("standard",)), "standard", head.standard,
                 draft.standard.data.standard)  # fmt: skip
    if draft.standard and draft.calendar:
        pinned, given = draft.standard.data.calendar, draft.calendar.data
        if (pinned.id, pinned.version) != (given.calendar, given.version):
            _differs(findings, draft.standard.origin.at(("calendar",)), "calendar",
                     f"{pinned.id} version {pinned.version}",
                     f"{given.calendar} version {given.version}",
                     "pin that version, or publish the pinned one first, or the two together"
                     " (POST /calendars?pinned_by=STANDARD)")  # fmt: skip


def _differs(
    findings: Findings, origin: Origin, noun: str, named: str, given: str,
    hint: str = "make the two agree",
) -> None:  # fmt: skip
    said = f"{noun} {named} is named, but {given} is given"
    findings.error(f"{noun}_differs", origin, said, hint)


def _check_zone(zone: str, origin: Origin, findings: Findings) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        findings.error("zone_unknown", origin.at(("zone",)), f"there is no time zone {zone!r}",
                       "write a name such as Asia/Shanghai")  # fmt: skip


def check_calendar(calendar: Placed[CalendarPublished], findings: Findings) -> None:
    """One calendar by itself: its zone, its hours, its days."""
    data, origin = calendar.data, calendar.origin
    _check_zone(data.zone, origin, findings)
    for weekday, hours in data.weekdays.items():
        _check_hours(hours, origin.at(("weekdays", str(weekday))), findings)
    if not any(data.weekdays.values()):
        findings.error("no_working_hours", origin.at(("weekdays",)),
                       "no weekday has working hours", "give at least one its hours")  # fmt: skip
    seen: set[object] = set()
    for n, exception in enumerate(data.exceptions):
        place = origin.at(("exceptions", n))
        _check_hours(exception.hours, place, findings)
        if exception.day in seen:
            findings.error("day_twice", place, f"{exception.day} stands twice", "remove one")
        seen.add(exception.day)


def _check_hours(hours: Sequence[Hours], origin: Origin, findings: Findings) -> None:
    """In order, not overlapping; an end of 00:00 is the end of the day."""
    previous = 0.0
    for each in hours:
        start, end = _minutes(each.start), _minutes(each.end) or 24 * 60
        if start >= end:
            findings.error("hours_order", origin,
                           f"{each.start:%H:%M}-{each.end:%H:%M} ends before it starts",
                           "correct it; hours past midnight are written as two")  # fmt: skip
        elif start < previous:
            findings.error("hours_overlap", origin,
                           f"{each.start:%H:%M}-{each.end:%H:%M} starts before the hours before"
                           " it end",
                           "write hours in order and apart")  # fmt: skip
        previous = end


def _minutes(at: time) -> float:
    return at.hour * 60 + at.minute + at.second / 60


def check_standard(standard: Placed[StandardPublished], findings: Findings) -> None:
    """One standard by itself: no code twice, defaults that are there, evidence in codes."""
    matters, origin = standard.data.matters, standard.origin
    for n in _repeated(matter.code for matter in matters):
        findings.error("matter_twice", origin.at(("matters", n, "code")),
                       f"matter {matters[n].code} stands twice",
                       "remove one, or make the second a condition of the first")  # fmt: skip
    for n, matter in enumerate(matters):
        _check_matter(matter, standard, n, findings)


def _check_matter(
    matter: StandardMatter, standard: Placed[StandardPublished], n: int, findings: Findings
) -> None:
    origin = standard.origin
    codes = [condition.code for condition in matter.conditions]
    for m in _repeated(codes):
        said = f"{matter.code}: condition {codes[m]} stands twice"
        place = origin.at(("matters", n, "conditions", m))
        findings.error("condition_twice", place, said, "remove one")
    for m, condition in enumerate(matter.conditions):
        wrong = [each for each in condition.evidence if not _EVIDENCE.match(each)]
        if wrong:
            findings.error("evidence_malformed", origin.at(("matters", n, "conditions", m)),
                           f"{matter.code}: {wrong[0][:60]!r} is no code for evidence",
                           "write codes such as photo-after")  # fmt: skip
    if matter.default_condition is not None and matter.default_condition not in codes:
        findings.error("condition_unknown", origin.at(("matters", n, "default_condition")),
                       f"{matter.code}: default_condition {matter.default_condition} is none of"
                       " its conditions",
                       f"its conditions are {', '.join(codes)}")  # fmt: skip
    if matter.code.partition("/")[0] != matter.matter_class:
        findings.error("class_differs", origin.at(("matters", n, "matter_class")),
                       f"{matter.code} is said to be of the class {matter.matter_class}",
                       "a matter's code begins with its class")  # fmt: skip


def _repeated(values: Iterable[str]) -> list[int]:
    """The positions of what stood before."""
    seen: Counter[str] = Counter()
    found = []
    for n, value in enumerate(values):
        if seen[value]:
            found.append(n)
        seen[value] += 1
    return found
