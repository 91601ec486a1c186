"""The played people: who acts at which desk, in whose name, and what they say."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from case_contracts.clock import Clock
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.follow import Follower
from civicgrid.replay.habits import Rating, Verifying
from civicgrid.replay.history import import_history
from civicgrid.replay.live import Pace, Progress, Replay
from civicgrid.replay.people import People
from civicgrid.replay.posts import Posts
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import send_all
from civicgrid.reports_file import ReportLine
from tests.support.twin import eventually
from tests.unit.cli.services import FakeServices, problem

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
GRIDS = [
    {"grid": "root", "parent": None, "level": "district"},
    {"grid": "u1", "parent": "root", "level": "unit"},
    {"grid": "u2", "parent": "root", "level": "unit"},
]
POSTINGS = [{"person": "p-lead", "role": "leader"}, {"person": "p-sup", "role": "supervisor"}]


def a_case(name: str, status: str, **more: Any) -> dict[str, Any]:
    """With what waits in it, by its status."""
    what = {"unplaced": "place", "verifying": "verify", "lapsed": "lapsed"}.get(status, "handle")
    turn = {"taskid": f"task:{name}", "turn": 1, "round": None, "what": what, "ref": None}
    return {"case": name, "status": status, "matter": "part/a/b", "due_at": None, **turn, **more}


def a_state(case: dict[str, Any]) -> dict[str, Any]:
    """As much of the case itself as people look at."""
    task = {"ruled": False, "assignment": 1, "taken": False, "handler": {"grid": "u1"}}
    found = {"returned_by": [], "voiding": None, "request": None, "papers": None, "task": task,
             "grid": "u1", "grid_path": ["root"]}  # fmt: skip
    return {**found, "status": case["status"], "clocks": [{}] * case["turn"]}


async def test_what_was_done_and_waits_again_is_done_again() -> None:
    """A task can lapse twice before anybody accepts it: nothing but that has happened then."""
    case = a_case("case:1", "lapsed")
    desks = Desks({"supervisor:u1": [case]})
    agenda = Agenda(Clock(NOW, time.time(), 60_000))
    async with desks.services.api() as api:
        people = People(api, agenda, Scenario(), Posts(api))
        running = asyncio.create_task(agenda.run())
        for _ in range(2):
            desks.at = {"supervisor:u1": [case]}
            await people.look()
            await eventually(lambda: not desks.at["supervisor:u1"])
            await people.look()
        running.cancel()
    assert len(desks.services.bodies("POST dispatch /cases/case:1/assignment")) == 2


class Desks:
    """Dispatch with cases at desks; an act takes the case off its desk."""

    def __init__(self, at: dict[str, list[dict[str, Any]]]) -> None:
        self.at, self.services = at, FakeServices()
        on = self.services.on
        on("GET dispatch /cases/turns", lambda _: self._turns())
        on("GET registry /postings", POSTINGS)
        on("GET registry /grids", GRIDS)
        for cases in at.values():
            for case in cases:
                on(f"GET dispatch /cases/{case['case']}", lambda _, c=case: a_state(c))
                for what in ("place", "verification", "assignment", "completion"):
                    path = f"POST dispatch /cases/{case['case']}/{what}"
                    on(path, lambda _, name=case["case"]: self._done(name))

    def _turns(self) -> list[dict[str, Any]]:
        return [{"desk": desk, **case} for desk, cases in self.at.items() for case in cases]

    def _done(self, name: str) -> dict[str, Any]:
        self.at = {d: [c for c in cs if c["case"] != name] for d, cs in self.at.items()}
        return {}

    async def play(self, scenario: Scenario) -> list[tuple[str, Any]]:
        """Look once, let everybody act; what was posted."""
        agenda = Agenda(Clock(NOW, time.time(), 60_000))
        async with self.services.api() as api:
            people = People(api, agenda, scenario, Posts(api))
            await people.look()
            running = asyncio.create_task(agenda.run())
            await eventually(lambda: not len(agenda))
            running.cancel()
        assert not agenda.refused
        return [each for each in self.services.asked if each[0].startswith("POST")]


@pytest.mark.parametrize(
    ("desk", "case", "what", "body"),
    [
        ("person:p-1", a_case("case:1", "verifying", round=1),
         "verification", {"passed": True}),
        ("person:p-1", a_case("case:1", "accepted"), "completion", {"taskid": "task:case:1"}),
        ("supervisor:root", a_case("case:1", "lapsed"), "assignment", {"reason": "lapsed"}),
        ("supervisor:root", a_case("case:1", "verifying", round=1),
         "verification", {"passed": True}),
    ],
)  # fmt: skip
async def test_each_does_what_the_state_asks_of_them(
    desk: str, case: dict[str, Any], what: str, body: dict[str, Any]
) -> None:
    ((path, sent),) = await Desks({desk: [case]}).play(Scenario())
    assert path == f"POST dispatch /cases/case:1/{what}"
    assert {key: sent[key] for key in body} == body


async def test_a_case_without_a_place_is_put_into_one_of_the_lowest_grids() -> None:
    unplaced = a_case("case:1", "unplaced") | {"taskid": None}
    ((path, sent),) = await Desks({"person:p-1": [unplaced]}).play(Scenario())
    assert path.endswith("/place")
    assert sent["grid"] in ("u1", "u2")


async def test_departments_are_not_played() -> None:
    desks = Desks({"department:water": [a_case("case:1", "assigned")]})
    assert await desks.play(Scenario()) == []


async def test_a_verifier_sends_work_back_in_the_first_round_only() -> None:
    strict = Scenario(verifiers=Verifying(fail=1))
    for round_, passed in ((1, False), (2, True)):
        case = a_case("case:1", "verifying", round=round_)
        ((_, sent),) = await Desks({"person:p-1": [case]}).play(strict)
        assert sent["passed"] is passed


async def test_a_turn_that_is_seen_twice_is_planned_once_and_a_later_one_anew() -> None:
    desks = Desks({"person:p-1": [a_case("case:1", "accepted")]})
    agenda = Agenda(Clock(NOW, time.time(), 1))
    async with desks.services.api() as api:
        people = People(api, agenda, Scenario(), Posts(api))
        for turn, planned in ((1, 2), (1, 2), (3, 4)):  # the work, and more time for it
            desks.at["person:p-1"][0]["turn"] = turn
            await people.look()
            assert len(agenda) == planned


def a_line(ref: str, **more: Any) -> ReportLine:
    content = {"ref": ref, "reported_at": NOW, "channel": "web", "matter": "part/a/b", "text": "x"}
    return ReportLine.model_validate(content | more)


async def test_a_report_is_sent_as_a_person_would_without_what_the_city_recorded() -> None:
    services = FakeServices()
    answer = {"report": "report:1", "case": "case:1", "receipt": "R", "status": "received"}
    services.on("POST intake /reports", answer)
    told: list[Any] = []
    line = a_line("r1", recorded={"closed_at": NOW.isoformat()})
    async with services.api() as api:
        await send_all(api, [line], told=told.append)
    (body,) = services.bodies("POST intake /reports")
    assert body == {"channel": "web", "matter": "part/a/b", "text": "x", "language": "zh"}
    assert (told[0].case, told[0].receipt) == ("case:1", "R")


async def test_a_malformed_report_is_counted_with_the_field() -> None:
    services = FakeServices()
    refused = problem(422, "invalid", errors=[{"field": "body.matter"}])
    services.on("POST intake /reports", refused)
    told: list[Any] = []
    async with services.api() as api:
        await send_all(api, [a_line("r1")], told=told.append)
    assert (told[0].status, told[0].reason) == ("refused", "invalid, body.matter")


def _standing(case: str, status: str, reopened: int = 0) -> dict[str, Any]:
    times = {"reported_at": NOW.isoformat(), "closed_at": NOW.isoformat(), "next_due": None}
    found = {"case": case, "status": status, "reopened": reopened, "desk": None, **times}
    return {**found, "decided": False}


async def test_a_case_to_be_reopened_is_followed_until_it_is_closed_again() -> None:
    services = FakeServices()
    closed: list[Any] = []
    rows = iter([("closed", 0), ("closed", 0), ("assigned", 1), ("closed", 1)])
    services.on("POST dispatch /cases/lookup", lambda _: [_standing("case:1", *next(rows))])
    async with services.api() as api:
        follower = Follower(api, closed.append)
        follower.add("case:1")
        await follower.look()
        assert (follower.open, len(closed)) == (0, 1)
        follower.expect_reopened("case:1")
        for _ in range(2):
            await follower.look()
            assert follower.open == 1
        await follower.look()
    assert (follower.open, len(closed)) == (0, 2)


async def test_a_whole_replay_ends_when_all_are_closed_and_rated() -> None:
    services = FakeServices()
    answer = {"report": "report:1", "case": "case:1", "receipt": "R", "status": "received"}
    services.on("POST intake /reports", answer)
    services.on("GET dispatch /cases/turns", [])
    services.on("POST dispatch /cases/lookup", [_standing("case:1", "closed")])
    services.on("GET dispatch /cases/figures", {"assigned": {}, "closed": 1})
    services.on("GET notification /figures", {"inapp.sent": 3})
    early = iter([problem(409, "not_closed")])
    services.on("POST intake /track/R/rating", lambda _: next(early, {"solved": True}))
    seen: list[Progress] = []
    clock = Clock(NOW, time.time(), 60_000)
    scenario = Scenario(reporters=Rating(rate=1))
    async with services.api() as api, asyncio.timeout(20):
        replay = Replay(api, clock, scenario, Pace(), seen.append)
        outcome = await replay.run([a_line("r1")])
    assert outcome.notices == {"inapp.sent": 3}
    assert outcome.waiting == []
    assert seen[-1].closed == 1
    assert len(services.bodies("POST intake /track/R/rating")) == 2


async def test_an_import_waits_until_dispatch_has_every_case() -> None:
    services = FakeServices()
    services.on("POST intake /imports", lambda _: [
        {"ref": "a", "status": "received", "case": "case:a", "reason": None, "problem": None},
        {"ref": "b", "status": "rejected", "case": None, "reason": "outside_district",
         "problem": None},
        {"ref": "c", "status": "invalid", "case": None, "reason": None, "problem": "matter: no"},
    ])  # fmt: skip
    known = iter([[], [{"case": "case:a"}]])
    services.on("POST dispatch /cases/lookup", lambda _: next(known))
    services.on("GET dispatch /cases/figures", {"opened": 1})
    told: list[tuple[int, int]] = []
    async with services.api() as api:
        lines = [a_line(ref) for ref in "abc"]
        found = await import_history(api, lines, lambda a, b: told.append((a, b)))
    assert dict(found.lines) == {"received": 1, "rejected": 1, "invalid": 1}
    assert found.problems == ["c: matter: no"]
    assert dict(found.reasons) == {"outside_district": 1}
    assert told[-1] == (3, 1)
