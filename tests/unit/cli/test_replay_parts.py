"""The parts of a replay on their own: habits, agenda, figures, answers."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.clock import Clock
from civicgrid.answers import compare
from civicgrid.client import ApiError
from civicgrid.local import LocalError
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.habits import Habit
from civicgrid.replay.outcome import closed_after, per_second, spread
from civicgrid.replay.scenario import Scenario, read_scenario
from civicgrid.reports_file import AnswerLine

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def fast_clock(speed: float = 60_000) -> Clock:
    return Clock(NINE, time.time(), speed)


@given(st.integers(), st.text(max_size=20), st.floats(0, 100), st.floats(0, 100))
def test_a_habit_is_kept_within_its_minutes(seed: int, case: str, a: float, b: float) -> None:
    habit = Habit(delay_minutes=(min(a, b), max(a, b)))
    first = habit.delay(Scenario(seed=seed).random("when", case))
    assert first == habit.delay(Scenario(seed=seed).random("when", case))
    assert first is not None
    assert min(a, b) <= first <= max(a, b)


def test_never_is_never() -> None:
    assert Habit(never=1).delay(Scenario().random("x")) is None


def test_shipped_scenarios_can_be_read() -> None:
    folder = Path(__file__).parents[3] / "deploy" / "scenarios"
    assert read_scenario(folder / "demo.yaml").verifiers.fail > 0
    assert read_scenario(folder / "real.yaml").reporters.rate > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("verifiers: {fail: 2}", "verifiers.fail"),
        ("verifyers: {}", "verifyers"),
        ("handlers: {delay_minutes: [5, 1]}", "shorter delay comes first"),
        ("a: [", "expected"),
    ],
)
def test_a_bad_scenario_names_the_key(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(LocalError, match=said):
        read_scenario(tmp_path / "s.yaml")


async def test_acts_are_done_in_the_order_of_domain_time() -> None:
    agenda, done, over = Agenda(fast_clock()), [], asyncio.Event()

    def act(name: str) -> None:
        async def do() -> None:
            done.append(name)
            if len(done) == 3:
                over.set()

        agenda.after({"late": 300, "soon": 1, "middle": 100}[name], do)

    for name in ("late", "soon", "middle"):
        act(name)
    running = asyncio.create_task(agenda.run())
    await asyncio.wait_for(over.wait(), 10)
    running.cancel()
    assert done == ["soon", "middle", "late"]


async def test_a_refused_act_is_counted_and_an_unreachable_service_ends_it() -> None:
    agenda = Agenda(fast_clock())

    async def refused() -> None:
        raise ApiError("dispatch", "POST /x", 409, {"code": "already_closed"})

    async def unreachable() -> None:
        raise LocalError("dispatch does not answer", "look")

    agenda.after(0, refused)
    agenda.after(60, unreachable)
    with pytest.raises(LocalError):
        await asyncio.wait_for(agenda.run(), 10)
    assert agenda.refused == {"already_closed": 1}


@given(st.lists(st.floats(0, 1000), min_size=1))
def test_percentiles_are_values_that_were_seen(seconds: list[float]) -> None:
    found = spread(seconds)
    assert found is not None
    assert {found.p50, found.p99} <= set(seconds)
    assert sum(each <= found.p50 for each in seconds) >= len(seconds) / 2
    assert sum(each <= found.p99 for each in seconds) >= 0.99 * len(seconds)


def test_percentiles_of_a_hundred() -> None:
    found = spread(range(1, 101))
    assert found is not None
    assert (found.p50, found.p99, found.count) == (50, 99, 100)
    assert spread([]) is None


def _row(minutes: float, *, closed: bool = True, reopened: int = 0) -> dict[str, object]:
    return {
        "status": "closed" if closed else "assigned",
        "reopened": reopened,
        "reported_at": NINE.isoformat(),
        "closed_at": (NINE + timedelta(minutes=minutes)).isoformat() if closed else None,
    }


def test_latency_is_in_real_seconds_of_a_scaled_clock() -> None:
    clock = Clock(NINE, 0, 600)
    rows = [_row(10), _row(20), _row(5, reopened=1), _row(0, closed=False)]
    assert closed_after(rows, clock) == [1.0, 2.0]
    assert per_second(rows, clock) == pytest.approx(3 / 2)
    assert per_second(rows[:1], clock) is None


def _answer(ref: str, **more: object) -> AnswerLine:
    return AnswerLine.model_validate({"ref": ref, "matter": "part/a/b", **more})


def test_our_answers_beside_the_datas_own() -> None:
    due = NINE + timedelta(hours=4)
    answers = [
        _answer("met", due_at=due, closed_at=NINE, on_time=True, grids={"ward": "w1"}),
        _answer("missed", due_at=due, closed_at=NINE, on_time=False, grids={"ward": "w1"}),
        _answer("no-limit", due_at=due, grids={"ward": "w2"}),
        _answer("no-target", closed_at=NINE),
        _answer("not-taken", due_at=due),
    ]
    cases = {a.ref: f"case:{a.ref}" for a in answers if a.ref != "not-taken"}

    def ours(due_at: datetime | None, closed: bool, on_time: bool | None) -> dict[str, object]:
        text = due_at.isoformat() if due_at else None
        return {"due_at": text, "closed_at": "x" if closed else None, "on_time": on_time}

    finished = {
        "case:met": ours(due + timedelta(seconds=120), True, True),
        "case:missed": ours(due + timedelta(seconds=121), True, True),
        "case:no-limit": ours(None, False, None),
        "case:no-target": ours(None, False, None),
    }
    wards = {"case:met": "w1", "case:missed": "w9"}
    found = compare(answers, cases, finished, wards, "ward")
    assert (found.targets, found.explained, found.met) == (3, 2, 1)
    assert (found.compared, found.different) == (2, 1)
    assert (found.located, found.agreed) == (2, 1)
    assert found.closed_wrongly == 1
    assert found.not_explained == pytest.approx(2 / 3)
    assert [bound.kept for bound in found.bounds()] == [False, True, False, False]


def test_nothing_compared_keeps_no_bound() -> None:
    found = compare([], {}, {}, {}, "ward")
    assert [bound.kept for bound in found.bounds()] == [False, False, False, True]
