"""The month's own parts: when reports are sent, lots, what is counted, clocks counted again."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.values import Hours, Versioned
from civicgrid.commands.options import sample_dir, scenario_file
from civicgrid.commands.traffic import read_all
from civicgrid.replay.clock_check import check_clocks, due_again
from civicgrid.replay.happened import counted
from civicgrid.replay.lots import Lots
from civicgrid.replay.month import DAYS, some_of, spread_out
from civicgrid.replay.scenario import read_scenario
from civicgrid.replay.view_month import LIMITED, missing, month_rows
from civicgrid.reports_file import REPORTS
from department.behaviour.config import DepartmentConfig
from service_kit.worktime import WorkCalendar
from tests.unit.cli.services import FakeServices

ZONE = "Asia/Shanghai"
BEGIN = datetime(2026, 3, 2, 10, tzinfo=ZoneInfo(ZONE))
HOURS = tuple(Hours.model_validate({"start": a, "end": b}) for a, b in
              (("08:00", "12:00"), ("14:00", "18:00")))  # fmt: skip
CALENDAR = WorkCalendar(Versioned(id="c", version=1), ZONE, dict.fromkeys(range(1, 6), HOURS))


def test_some_reports_of_all_are_spread_over_a_month_at_their_time_of_day() -> None:
    lines, _ = read_all(sample_dir() / REPORTS)
    some = some_of(lines, 300)
    assert len({line.ref for line in some}) == 300
    sent, times = spread_out(some, BEGIN, ZONE, seed=1)
    assert {line.ref for line in sent} == {line.ref for line in some}
    assert times == sorted(times)
    assert min(times) >= BEGIN
    days = Counter(when.astimezone(ZoneInfo(ZONE)).date() for when in times)
    assert max(days) - date(2026, 3, 2) < timedelta(days=DAYS)
    assert len(days) > DAYS * 0.9
    for line, when in zip(sent, times, strict=True):
        same = line.reported_at.astimezone(ZoneInfo(ZONE)).time().replace(microsecond=0)
        assert when.astimezone(ZoneInfo(ZONE)).time() == same or when == BEGIN
    assert (sent, times) == spread_out(some, BEGIN, ZONE, seed=1)
    assert times != spread_out(some, BEGIN, ZONE, seed=2)[1]


@given(st.integers(), st.floats(0, 1), st.integers(1, 200))
def test_lots_are_spread_evenly_and_drawn_once(seed: int, share: float, cases: int) -> None:
    lots = Lots(seed)
    drawn = [lots.happens("fail", f"case:{n}", share) for n in range(cases)]
    assert abs(sum(drawn) - share * cases) <= 3
    assert drawn == [lots.happens("fail", f"case:{n}", share) for n in range(cases)]


def test_steady_lots_depend_on_the_case_alone() -> None:
    cases = [f"case:{n}" for n in range(200)]
    drawn = [Lots(3, steady=True).happens("fail", f"{case}:verify:4", 0.3) for case in cases]
    lots = Lots(3, steady=True)
    again = {case: lots.happens("fail", f"{case}:verify:9", 0.3) for case in reversed(cases)}
    assert drawn == [again[case] for case in cases]
    lots.know("case:other", "ref-1")
    other = Lots(3, steady=True)
    other.know("case:5", "ref-1")
    assert lots.happens("x", "case:other:1", 0.5) == other.happens("x", "case:5:9", 0.5)
    assert sum(drawn) == pytest.approx(60, abs=25)


def test_one_of_several_is_drawn_by_their_shares() -> None:
    lots, shares = Lots(7), {"failed": 0.3, "passed_on": 0.2}
    found = Counter(lots.which("outcome", str(n), shares) for n in range(100))
    assert found[None] == pytest.approx(50, abs=3)
    assert found["failed"] == pytest.approx(30, abs=3)


def test_the_shipped_month_has_departments_that_their_service_takes() -> None:
    found = read_scenario(scenario_file("month.yaml"))
    assert found.departments is not None
    own = DepartmentConfig.model_validate(found.departments.behaviour(found.seed))
    assert (own.department, own.behaviours[0].ignored) == ("*", found.departments.lapsed)


def entry(event: str, who: dict[str, str] | None = None, **facts: Any) -> dict[str, Any]:
    people = [{"role": role, "kind": kind} for role, kind in (who or {}).items()]
    return {"event": event, "at": BEGIN.isoformat(), "who": people, "why": [], "facts": facts}


def assigned(kind: str, assignment: int = 1, hours: float = 24, **more: Any) -> dict[str, Any]:
    due = (BEGIN + timedelta(hours=hours)).isoformat()
    return entry("task.assigned", {"handler": kind}, assignment=assignment, due_at=due, **more)


def test_a_story_is_counted_by_who_had_the_task_when() -> None:
    case = [
        entry("case.received", matter="part/a/b"),
        assigned("department"),
        entry("pause.requested", request="r:1"),
        entry("clock.paused", {"by": "person"}, clock="handle:1"),
        entry("clock.paused", {"by": "person"}, clock="case:1"),
        entry("task.returned", assignment=1),
        assigned("post", 2, hours=1),
        entry("extension.requested", request="r:2"),
        entry("relief.refused", request="r:2"),
        entry("task.returned", assignment=2),
        entry("ruling.made", propose=True),
        assigned("department", 3),
        entry("task.overdue"),
        entry("slip.issued", colour="yellow"),
        entry("slip.issued", {"by": "person"}, colour="orange"),
        entry("case.escalated", {"by": "person"}, takes_over=True),
        entry("case.closed"),
        entry("case.closed"),
    ]
    found = counted([case], LIMITED)
    once = {
        "task.assigned:department:first", "task.assigned:post:again", "task.overdue:limited",
        "task.returned:department:first", "task.returned:post:again", "clock.paused:handle",
        "pause.requested:department", "extension.requested:post", "ruling.made:proposed",
        "relief.refused:extension:undecided", "slip.issued:by_hand", "slip.issued:yellow",
        "case.escalated:by_hand", "case.escalated:takes_over", "case.closed:first",
    }  # fmt: skip
    assert {name for name in once if found[name] != 1} == set()
    assert (found["task.assigned:department"], found["task.assigned:limited"]) == (2, 2)
    assert found["case.closed"] == 2


def test_what_never_happened_is_named() -> None:
    rows = month_rows(Counter(), read_scenario(scenario_file("month.yaml")))
    assert any("voided" in each for each in missing(rows))
    assert not any("ended first" in each for each in missing(rows))


def shown(due_at: str | None, **more: Any) -> dict[str, Any]:
    """Eight working hours from 10:00, paused for the afternoon."""
    spans = [("2026-03-02T02:00:00Z", "2026-03-02T04:00:00Z"),
             ("2026-03-03T00:00:00Z", "2026-03-03T04:00:00Z"),
             ("2026-03-03T06:00:00Z", "2026-03-03T08:00:00Z")]  # fmt: skip
    limit = {"amount": 8, "unit": "working_hours"}
    part = {"limit": limit, "spans": [{"start": a, "end": b} for a, b in spans],
            "seconds": 8 * 3600.0, "left_seconds": None}  # fmt: skip
    pause = {"start": "2026-03-02T06:00:00Z", "end": "2026-03-02T10:00:00Z"}
    return {"id": "case:1", "kind": "case", "started_at": "2026-03-02T02:00:00Z", "limit": limit,
            "due_at": due_at, "calendar": {"id": "c", "version": 1}, "pauses": [pause],
            "parts": [part]} | more  # fmt: skip


DUE = "2026-03-03T08:00:00+00:00"


async def checked(segment: dict[str, Any], state_due: str | None = DUE) -> list[str]:
    services = FakeServices()
    services.on("GET dispatch /cases/case:9/clock",
                {"due_at": segment["due_at"], "segments": [segment]})  # fmt: skip
    services.on("GET dispatch /cases/case:9", {"due_at": state_due})
    async with services.api() as api:
        found = await check_clocks(api, ["case:9"], CALENDAR)
    assert (found.cases, found.agree) == (1, 0 if found.wrong else 1)
    return list(found.wrong)


async def test_a_deadline_is_counted_again_with_its_pause() -> None:
    assert due_again(shown(None), CALENDAR) == datetime.fromisoformat(DUE)
    assert await checked(shown(DUE)) == []


@pytest.mark.parametrize(
    ("segment", "state_due", "said"),
    [
        (shown("2026-03-03T07:00:00+00:00"), DUE, "counted again 2026-03-03 08:00"),
        (shown(DUE), None, "is due"),
        (shown(DUE, pauses=[]), DUE, "counted again 2026-03-03 02:00"),
        (shown(DUE, calendar={"id": "c", "version": 2}), DUE, "counts by calendar"),
        (shown(DUE, parts=[shown(DUE)["parts"][0] | {"seconds": 1.0}]), DUE, "counted of a limit"),
    ],
)
async def test_a_clock_that_does_not_explain_itself_is_told(
    segment: dict[str, Any], state_due: str | None, said: str
) -> None:
    assert any(said in each for each in await checked(segment, state_due))


async def test_time_that_stands_still_has_no_deadline() -> None:
    still = {"start": "2026-03-02T06:00:00Z", "end": None}
    part = shown(None)["parts"][0]
    rest = {"spans": part["spans"][:1], "seconds": 7200.0, "left_seconds": 6 * 3600.0}
    segment = shown(None, pauses=[still], parts=[part | rest])
    assert await checked(segment, None) == []
