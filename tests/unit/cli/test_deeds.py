"""What the played people do at each desk: the act, in whose name, and what follows a refusal."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.clock import Clock
from civicgrid.replay import people
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.habits import (
    Advising,
    Answering,
    Approving,
    Handling,
    Judging,
    Mediating,
    Pressing,
    Serving,
    Supervising,
    Verifying,
)
from civicgrid.replay.people import PATIENCE, People
from civicgrid.replay.posts import Posts
from civicgrid.replay.scenario import Scenario
from tests.support.twin import eventually
from tests.unit.cli.services import FakeServices, problem

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = (NOW + timedelta(days=30)).isoformat()
POSTINGS = {
    "d": [
        {"posting": "posting:d", "person": "p-boss", "role": "leader", "accountable": True},
        {"posting": "posting:s", "person": "p-sup", "role": "supervisor", "accountable": False},
    ],
    "c": [{"posting": "posting:c", "person": "p-lead", "role": "leader", "accountable": True}],
    "u": [{"posting": "posting:u", "person": "p-1", "role": "worker", "accountable": True}],
}
CHARTERS = [
    {"department": name, "role": role, "holds": True, "covers_matter": fits, "ground": "own"}
    for name, role, fits in (("um", "support", True), ("wa", "lead", True), ("mr", "lead", False))
]


def waiting(desk: str, what: str, **more: Any) -> dict[str, Any]:
    status = {"verify": "verifying", "ruling": "ruling", "answer": "closed"}.get(what, "assigned")
    turn = {"desk": desk, "what": what, "ref": None, "due_at": LATER, "case": "case:1", "turn": 2,
            "matter": "part/a/b", "status": status, "taskid": "task:1", "round": None}  # fmt: skip
    return turn | more


class Stand:
    """Dispatch with one case; everything that is posted is accepted, but for ``refuse``."""

    def __init__(self, *turns: dict[str, Any], **state: Any) -> None:
        self.turns, self.services = list(turns), FakeServices()
        task = {"ruled": False, "assignment": 1, "handler": {"grid": "u"}} | state.pop("task", {})
        found = {"returned_by": [], "voiding": None, "request": None, "papers": None,
                 "clocks": [{}, {}],
                 "grid": "u", "grid_path": ["d", "c"], "status": turns[0]["status"]}  # fmt: skip
        on = self.services.on
        on("GET dispatch /cases/turns", lambda _: self.turns)
        on("GET dispatch /cases/case:1", found | state | {"task": task})
        on("GET dispatch /cases/case:1/ruling", {"charters": CHARTERS})
        on("GET dispatch /knowledge", {"texts": [{"knowledge": "knowledge:k", "version": 2}]})
        on("GET registry /postings", lambda r: POSTINGS[r.url.params["grid"]])
        on("GET registry /grids", [{"grid": "d", "parent": None}, {"grid": "c", "parent": "d"},
                                   {"grid": "u", "parent": "c"}])  # fmt: skip
        for what in ("completion", "return", "voiding", "voiding/decision", "relief", "relief/r:1",
                     "mediation", "mediation/sittings", "documents", "result", "inquiry-answer",
                     "ruling", "reopening", "answer", "slips", "slips/slip:1/answer", "press",
                     "escalation", "take", "verification"):  # fmt: skip
            on(f"POST dispatch /cases/case:1/{what}", {})

    async def play(self, scenario: Scenario, looks: int = 1) -> list[tuple[str, Any]]:
        """What is posted, with its body."""
        self.agenda = Agenda(Clock(NOW, time.time(), 600_000))
        async with self.services.api() as api:
            self.people = People(api, self.agenda, scenario, Posts(api))
            running = asyncio.create_task(self.agenda.run())
            for _ in range(looks):
                await self.people.look()
                await eventually(lambda: not len(self.agenda))
            running.cancel()
        cut = "POST dispatch /cases/case:1/"
        return [(a.removeprefix(cut), b) for a, b in self.services.asked if a.startswith("POST")]


async def one(stand: Stand, scenario: Scenario) -> tuple[str, Any]:
    (found,) = await stand.play(scenario)
    return found


MINE = ("person:p-1", "handle")


@pytest.mark.parametrize(
    ("turn", "scenario", "what", "body"),
    [
        (waiting("person:p-2", "ruling"), Scenario(),
         "ruling", {"lead": {"department": "wa"}, "propose": False}),
        (waiting("arbiter:d", "ruling"), Scenario(arbiters=Judging(to_post=1, propose=1)),
         "ruling", {"lead": {"post": "posting:c"}, "propose": False}),
        (waiting("person:p-2", "ruling"), Scenario(arbiters=Judging(propose=1)),
         "ruling", {"propose": True}),
        (waiting("supervisor:c", "relief", ref="r:1"), Scenario(),
         "relief/r:1", {"grant": True}),
        (waiting("supervisor:c", "relief", ref="r:1"), Scenario(supervisors=Supervising(grants=0)),
         "relief/r:1", {"grant": False}),
        (waiting("approver:d", "voiding", ref="x"), Scenario(approvers=Approving(approves=0)),
         "voiding/decision", {"approve": False}),
        (waiting("reopening:d", "reopening"), Scenario(), "reopening", {"reopen": True}),
        (waiting("answers:d", "answer"), Scenario(), "answer", {}),
        (waiting("department:um", "slip", ref="slip:1"), Scenario(), "slips/slip:1/answer", {}),
        (waiting("person:p-1", "emergency"), Scenario.model_validate({"emergencies": {"take": 1}}),
         "take", {}),
        (waiting(*MINE), Scenario(handlers=Handling(answers=1)),
         "completion", {"answer": "已处理完毕。It has been done."}),
        (waiting(*MINE), Scenario(handlers=Handling(returns=1)), "return", {"reason": "not_ours"}),
        (waiting(*MINE, matter="service/a/b"), Scenario(services=Serving(hand_on=1)),
         "documents", {"to": "posting:c"}),
        (waiting(*MINE, matter="service/a/b"), Scenario(services=Serving(refused=1)),
         "result", {"result": "refused"}),
        (waiting(*MINE, matter="inquiry/a/b"), Scenario(inquiries=Advising(from_text=1)),
         "inquiry-answer", {"knowledge": {"id": "knowledge:k", "version": 2}}),
        (waiting("department:um", "handle", due_at=NOW.isoformat()),
         Scenario(pressing=Pressing(take_over=1)), "escalation", {"take_over": True}),
    ],
)  # fmt: skip
async def test_each_waits_for_an_act_of_its_own(
    turn: dict[str, Any], scenario: Scenario, what: str, body: dict[str, Any]
) -> None:
    path, sent = await one(Stand(turn), scenario)
    assert path == what
    assert {key: sent[key] for key in body} == body


async def test_a_dispute_is_sat_over_before_it_ends_and_passed_on_where_nobody_is_above() -> None:
    stand = Stand(waiting(*MINE, matter="dispute/a/b"))
    refusals = iter([problem(409, "passing_on_needed")])
    stand.services.on("POST dispatch /cases/case:1/mediation", lambda _: next(refusals, {}))
    said = await stand.play(Scenario(mediators=Mediating(sittings=2, failed=1)))
    assert [path for path, _ in said] == ["mediation/sittings"] * 2 + ["mediation"] * 2
    assert [body.get("outcome") for _, body in said[2:]] == ["failed", "passed_on"]


async def test_after_a_return_the_second_is_by_a_share_of_its_own_and_a_ruled_task_stays() -> None:
    often = Scenario(handlers=Handling(again=1))
    assert (await one(Stand(waiting(*MINE), returned_by=["um"]), often))[0] == "return"
    assert (await one(Stand(waiting(*MINE)), often))[0] == "completion"
    ruled = Stand(waiting(*MINE), returned_by=["um"], task={"ruled": True})
    assert (await one(ruled, often))[0] == "completion"


async def test_more_time_is_asked_for_before_the_work_is_done_and_only_under_a_limit() -> None:
    asking = Scenario(handlers=Handling(pause=1, delay_minutes=(400, 400)))
    said = await Stand(waiting(*MINE)).play(asking)
    assert [path for path, _ in said] == ["relief", "completion"]
    assert datetime.fromisoformat(said[0][1]["until"]) > NOW + timedelta(days=1)
    assert (await one(Stand(waiting(*MINE, due_at=None)), asking))[0] == "completion"


async def test_who_asks_to_void_does_the_work_where_that_is_not_granted() -> None:
    said = await Stand(waiting(*MINE)).play(Scenario(handlers=Handling(void=1)))
    assert [path for path, _ in said] == ["voiding", "completion"]


async def test_what_is_over_is_left_alone() -> None:
    stand = Stand(waiting(*MINE), clocks=[{}, {}, {}])
    assert await stand.play(Scenario()) == []


async def test_another_supervisor_tries_what_one_is_refused_and_in_the_end_it_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people, "PATIENCE", (0.0,) * len(PATIENCE))
    stand, most = _refused(), len(PATIENCE) + 1
    asked = await stand.play(Scenario(), looks=most + 3)
    assert len(asked) == most
    assert stand.agenda.refused == {"not_found": most}
    assert stand.people.left == {"case:1"}


async def test_who_is_refused_again_and_again_lets_time_pass_before_the_next_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(people, "PATIENCE", (0.0, 0.0, 600.0))
    stand = _refused()
    asked = await stand.play(Scenario(), looks=6)
    assert len(asked) == 3
    assert stand.people.left == set()


def _refused() -> Stand:
    stand = Stand(waiting("supervisor:c", "lapsed"))
    stand.services.on("POST dispatch /cases/case:1/assignment", problem(404, "not_found"))
    return stand


async def test_posts_name_another_person_with_each_attempt() -> None:
    stand = Stand(waiting(*MINE))
    async with stand.services.api() as api:
        posts = Posts(api)
        found = [await posts.supervisor("c", attempt) for attempt in range(4)]
    assert found == ["p-lead", "p-sup", "p-boss", "p-lead"]


async def test_who_lets_a_limit_pass_is_slow_or_is_passed_over() -> None:
    soon = (NOW + timedelta(minutes=100)).isoformat()
    slow = Scenario.model_validate({"slips": {"late": 1}})
    slip = waiting("person:p-1", "slip", ref="slip:1", due_at=soon)
    stand = Stand(slip)
    assert [path for path, _ in await stand.play(slow)] == ["slips/slip:1/answer"]
    assert stand.agenda.clock.now() > NOW + timedelta(minutes=100)
    checks = Stand(waiting("person:p-1", "verify", round=1, due_at=soon))
    assert await checks.play(Scenario(verifiers=Verifying(late=1))) == []
    assert checks.people.left == set()


async def test_who_never_acts_keeps_the_case_but_not_what_waits_beside() -> None:
    never = Stand(waiting(*MINE), waiting("person:p-1", "slip", ref="slip:1"))
    nobody = Scenario(slips=Answering(never=1), handlers=Handling(never=1))
    assert await never.play(nobody) == []
    assert (never.people.left, never.people.outstanding) == ({"case:1"}, 0)
    beside = Stand(waiting("department:um", "handle"), waiting("person:p-1", "slip", ref="s"))
    await beside.play(Scenario.model_validate({"slips": {"never": 1}}))
    assert beside.people.left == set()


async def test_a_case_that_is_over_is_not_left_though_nobody_answers_in_it() -> None:
    """Its end is still to be seen by who follows it: else a replay ends before that."""
    stand = Stand(waiting("answers:c", "answer"))
    assert await stand.play(Scenario(answers=Answering(never=1))) == []
    assert (stand.people.left, stand.people.outstanding) == (set(), 0)
