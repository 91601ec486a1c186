"""A clock explains itself: every deadline can be counted again from the explanation alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events.dispatch import Allowance, ClockKind
from case_contracts.events.registry import CalendarPublished, StandardPublished
from case_contracts.values import Limit, LimitUnit, Versioned
from dispatch.commands.ask_relief import AskExtension, AskPause
from dispatch.commands.decide_relief import DecideRelief, ResumeClock
from dispatch.commands.open_case import OpenCase
from dispatch.commands.tick import Tick
from dispatch.domain import world as w
from dispatch.domain.supervision import DEFAULT, Supervision
from dispatch.views.clock import Explained, explained
from service_kit.errors import CivicError
from tests.unit.dispatch.district import LITTER, Desk, filed, registry_events, standard, world
from tests.unit.dispatch.test_way_of_a_case import opened, said
from tests.unit.kit.worktime_reference import INSTANTS, MINUTE, Reference, Stood, published

CLOSE = timedelta(milliseconds=1)
CHINA = ZoneInfo("Asia/Shanghai")
GENEROUS = Supervision(
    DEFAULT.model_copy(
        update={
            "pauses": Allowance(times=20, longest=Limit(amount=300, unit=LimitUnit.DAYS)),
            "extensions": Allowance(times=20, longest=Limit(amount=300, unit=LimitUnit.DAYS)),
        }
    )
)
AMOUNTS = {
    LimitUnit.HOURS: st.sampled_from([1, 2.5, 30]),
    LimitUnit.WORKING_HOURS: st.sampled_from([1, 2.5, 16]),
    LimitUnit.DAYS: st.integers(1, 3),
    LimitUnit.WORKING_DAYS: st.integers(1, 3),
}
LIMITS = st.sampled_from(LimitUnit).flatmap(
    lambda unit: AMOUNTS[unit].map(lambda amount: Limit(amount=amount, unit=unit))
)
DEEDS = st.one_of(
    st.tuples(st.just("pause"), st.integers(1, 3000)),
    st.tuples(st.just("extend"), LIMITS),
    st.tuples(st.just("resume"), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 2000)),
)


def district(calendar: CalendarPublished, limit: Limit) -> w.World:
    """The small one, with this calendar and limit, and rules that allow much."""
    found = world()
    conditions = found.standards.conditions["s", 1]
    known = {key: c.model_copy(update={"handle": limit}) for key, c in conditions.items()}
    standards = w.Standards({("s", 1): known}, found.standards.calendars)
    calendars = w.build_calendars([calendar])
    return replace(found, standards=standards, calendars=calendars, supervision=GENEROUS)


def counted_again(segment: Explained, reference: Reference) -> datetime | None:
    """The deadline, by nothing but what is shown."""
    stood = [Stood(pause.start, pause.end) for pause in segment.pauses]
    return reference.due(segment.started_at, [part.limit for part in segment.parts], stood)


def check(segment: Explained, reference: Reference) -> None:
    due = counted_again(segment, reference)
    assert (due is None) == (segment.due_at is None)
    if due is not None and segment.due_at is not None:
        assert abs(segment.due_at - due) < CLOSE
    assert segment.parts[0].limit == segment.limit
    assert segment.parts[-1].ends_at == segment.due_at
    for part in segment.parts:
        spans = [span.end - span.start for span in part.spans]
        assert part.spans_not_shown == 0
        assert abs(sum(spans, timedelta()).total_seconds() - part.seconds) < 1e-6
        for span in part.spans:
            assert not any(
                p.start < span.end and (p.end is None or span.start < p.end) for p in segment.pauses
            )


def attempt(desk: Desk, command: Any) -> None:
    try:
        desk.do(command)
    except CivicError:
        return


def play(desk: Desk, deed: tuple[str, Any]) -> None:
    """As people would: asked by the handler, given by somebody else a minute later."""
    what, amount = deed
    if what == "wait":
        desk.later(minutes=amount)
    elif what == "resume":
        attempt(desk, ResumeClock("p-lead", supervising=True))
    else:
        person, until = "p-w1", desk.now + (amount * MINUTE if what == "pause" else MINUTE)
        asked = (
            AskPause(person, "x", until) if what == "pause" else AskExtension(person, "x", amount)
        )
        attempt(desk, asked)
        desk.later(minutes=1)
        if desk.state.request is not None:
            attempt(desk, DecideRelief("p-lead", None, desk.state.request.id, True, "x"))
    if desk.state.request is not None:
        attempt(desk, DecideRelief("p-lead", None, desk.state.request.id, False, "x"))
    desk.do(Tick(desk.now))


@settings(max_examples=40, deadline=None)
@given(published(), INSTANTS, LIMITS, st.lists(DEEDS, max_size=8))
def test_rule_1_every_deadline_is_counted_again_from_the_explanation_alone(
    calendar: CalendarPublished, start: datetime, limit: Limit, deeds: list[tuple[str, Any]]
) -> None:
    desk, reference = Desk(), Reference(calendar)
    desk.world, desk.now = district(calendar, limit), start + 5 * MINUTE
    desk.do(OpenCase(filed(matter=LITTER, reported_at=start, opened_at=start)))
    for deed in deeds:
        play(desk, deed)
        for segment in explained(desk.state, desk.world).segments:
            if segment.kind in (ClockKind.HANDLE, ClockKind.CASE):
                check(segment, reference)


def test_rule_1_who_granted_how_much_and_what_was_counted_is_shown() -> None:
    desk = opened()
    desk.do(said(desk, "accept"))
    desk.later(hours=2)
    until = (desk.now + timedelta(hours=4)).isoformat()
    desk.do(said(desk, "ask_pause", reason="needs_approval", until=until))
    assert desk.state.request is not None
    desk.do(DecideRelief("p-boss", None, desk.state.request.id, True, "x"))
    limit = {"amount": 1, "unit": "hours"}
    desk.do(said(desk, "ask_extension", reason="parts_ordered", limit=limit))
    assert desk.state.request is not None
    desk.do(DecideRelief("p-boss", None, desk.state.request.id, True, "x"))
    standing = {s.id: s for s in explained(desk.state, desk.world).segments}["handle:1"]
    assert [(part.left_seconds, part.ends_at) for part in standing.parts] == [
        (6 * 3600, None),
        (None, None),
    ]
    desk.later(hours=4)
    desk.do(Tick(desk.now))
    shown = explained(desk.state, desk.world)
    handle = {s.id: s for s in shown.segments}["handle:1"]
    assert [(p.granted_by, p.reason) for p in handle.pauses] == [("p-boss", "needs_approval")]
    assert [(p.granted_by, p.reason) for p in handle.parts] == [
        (None, None),
        ("p-boss", "parts_ordered"),
    ]
    assert [part.counts for part in handle.parts] == ["working", "elapsed"]
    assert (shown.zone, shown.calendar.version, handle.calendar.id) == ("Asia/Shanghai", 1, "cal")
    assert handle.standard is not None
    spans = [(s.start.hour, s.end.hour, s.day) for s in handle.parts[0].spans]
    assert spans == [(1, 3, "2026-01-05"), (7, 10, "2026-01-05"), (0, 3, "2026-01-06")]
    assert handle.due_at == handle.parts[1].ends_at == datetime.fromisoformat("2026-01-06T04:00Z")


def versioned() -> w.World:
    """The small district, where a second standard and calendar were published since: four hours
    instead of eight, of afternoons alone."""
    one, hours = standard(), {"amount": 4, "unit": "working_hours"}
    later = one.model_dump(mode="json") | {"version": 2, "calendar": {"id": "cal", "version": 2}}
    for matter in later["matters"]:
        matter["conditions"][0]["handle"] = hours
    first = next(e for e in registry_events() if isinstance(e, CalendarPublished))
    weekdays = {day: (hours[-1],) for day, hours in first.weekdays.items()}
    second = first.model_copy(update={"version": 2, "weekdays": weekdays})
    return replace(
        world(),
        standards=w.build_standards([one, StandardPublished.model_validate(later)]),
        calendars=w.build_calendars([first, second]),
    )


@pytest.mark.parametrize(
    ("version", "hours"), [(1, [(9, 12), (14, 18), (8, 9)]), (2, [(14, 18)])], ids=["old", "new"]
)
def test_rule_1_each_segment_names_its_versions_and_is_counted_by_them(
    version: int, hours: list[tuple[int, int]]
) -> None:
    desk = Desk()
    desk.world = versioned()
    desk.do(OpenCase(filed(standard={"id": "s", "version": version})))
    desk.do(said(desk, "complete", evidence=["evidence:1"]))
    shown = explained(desk.state, desk.world)
    assert [s.id for s in shown.segments] == ["case:1", "handle:1", "accept:1", "verify:1"]
    wanted = Versioned(id="s", version=version), Versioned(id="cal", version=version)
    assert (shown.standard, shown.calendar) == wanted
    assert {(s.standard, s.calendar) for s in shown.segments} == {wanted}
    (limit,) = shown.segments[0].parts
    spans = [(span.start.astimezone(CHINA), span.end.astimezone(CHINA)) for span in limit.spans]
    assert [(start.hour, end.hour) for start, end in spans] == hours
    assert limit.seconds == sum((end - start).total_seconds() for start, end in spans)
    assert limit.ends_at == shown.segments[0].due_at == shown.due_at == spans[-1][1]
