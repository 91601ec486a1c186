"""What grid workers are sent (domain rule 8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.registry import MatterAdmitted, MatterWithdrawn
from case_contracts.values import Party
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.hand_on import HandOn
from dispatch.commands.on_behalf import HandOnDocuments
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.rule import Rule
from dispatch.commands.supervise import TakeOver
from dispatch.commands.take import Take
from dispatch.commands.verify import Verify
from dispatch.domain.admissions import build_admissions
from dispatch.domain.succession import in_hands
from dispatch.domain.worker_load import Tally, workers_in
from service_kit.errors import Refused
from tests.unit.dispatch.district import ADMITTED, FROM, LITTER, MANHOLE, QUARREL, Desk, filed
from tests.unit.dispatch.test_clock_explained import attempt
from tests.unit.dispatch.test_way_of_a_case import opened
from tests.unit.dispatch.walk.moves import MOVES, Pick, department
from tests.unit.dispatch.walk.town import ERRAND, STAFF, left, town
from tests.unit.dispatch.walk.way import next_on_its_way


@pytest.mark.parametrize(
    ("matter", "person"), [(LITTER, "p-w1"), (QUARREL, "p-lead")], ids=["admitted", "not admitted"]
)
def test_rule_8_without_a_lead_the_grid_answers_and_workers_only_what_is_admitted(
    matter: str, person: str
) -> None:
    desk = opened(matter=matter)
    assert desk.state.task is not None
    assert desk.state.task.handler.person == person


@dataclass
class Ground:
    """A case in the town whose matter is admitted and withdrawn, and whose people come and go."""

    matter: str
    desk: Desk = field(default_factory=Desk)
    decisions: list[EventData] = field(default_factory=list)
    moves: list[Any] = field(default_factory=list)
    workers: set[str] = field(
        default_factory=lambda: {p.posting for p in STAFF if p.role == "worker"}
    )

    def decide(self, admitted: bool, at: datetime) -> None:
        """The registry's word, from ``at`` on."""
        self.decisions.append(
            MatterAdmitted(matter=self.matter, proposed_by="um", reviewed_by="p-2", valid_from=at)
            if admitted
            else MatterWithdrawn(matter=self.matter, valid_to=at)
        )
        self._anew()

    def leave(self, number: int) -> None:
        """A post is left, and somebody new has it."""
        self.moves += left(number, self.desk.now, replaced=True)
        new = self.moves[-1]
        if new.role == "worker":
            self.workers.add(new.posting)
        self._anew()

    def _anew(self) -> None:
        self.desk.world = replace(town(self.moves), admissions=build_admissions(self.decisions))

    def admitted(self, at: datetime) -> bool:
        """Reckoned from the decisions alone: the last one counts."""
        for decision in reversed(self.decisions):
            if isinstance(decision, MatterAdmitted) and decision.valid_from <= at:
                return True
            if isinstance(decision, MatterWithdrawn) and decision.valid_to <= at:
                return False
        return False


def withdrawn_after_ten_minutes(matter: str, condition: str = "seen") -> Ground:
    ground = Ground(matter)
    ground.decide(True, FROM)
    ground.desk.do(OpenCase(filed(matter=matter, condition=condition)))
    ground.desk.later(minutes=10)
    ground.decide(False, ground.desk.now)
    return ground


def test_rule_8_work_that_is_sent_back_goes_to_who_may_have_it_now() -> None:
    desk = withdrawn_after_ten_minutes(LITTER).desk
    desk.do(CompleteTask("p-w1", desk.last(events.TaskAssigned).taskid))
    desk.do(Verify("p-lead", passed=False))
    again = desk.last(events.TaskAssigned)
    assert (again.handler.person, again.rework) == ("p-lead", True)
    first, *why = [reason.code for reason in again.reasons]
    assert first == "rework"
    assert "matter_not_admitted" in why


def test_rule_8_an_emergency_that_was_withdrawn_is_taken_by_no_worker() -> None:
    desk = withdrawn_after_ten_minutes(MANHOLE, "urgent").desk
    assert "p-a" in {post.person for post in desk.last(events.EmergencyAlerted).posts}
    with pytest.raises(Refused) as refused:
        desk.do(Take("p-a"))
    assert refused.value.code == "matter_not_admitted"
    assert desk.do(Take("p-b"))[0] == "task.revoked", "a leader's deputy may"


def sent(event: EventData) -> tuple[tuple[Party, ...], datetime | None]:
    """To whom an event brings the case, and when."""
    match event:
        case events.TaskAssigned():
            return (event.handler,), event.assigned_at
        case events.EmergencyAlerted():
            return event.posts, event.alerted_at
        case events.CaseEscalated() if event.to is not None:
            return (event.to,), event.escalated_at
        case _:
            return (), None


Deed = Callable[[Ground, Pick], None]


def _decided(ground: Ground, pick: Pick) -> None:
    """It is withdrawn, or admitted again."""
    ground.decide(not ground.admitted(ground.desk.now), ground.desk.now)


def _way(ground: Ground, pick: Pick) -> None:
    command = next_on_its_way(ground.desk, well=pick.yes())
    if command is not None:
        attempt(ground.desk, command)


def _left(ground: Ground, pick: Pick) -> None:
    """Whoever has the case in hand leaves, and somebody else has the post."""
    party = in_hands(ground.desk.state)
    held = [post.posting for post in STAFF]
    if not ground.moves and party is not None and party.id in held:
        ground.leave(held.index(party.id))
    attempt(ground.desk, HandOn())


def _named(ground: Ground, pick: Pick) -> None:
    named = pick.one([None, *(post.posting for post in STAFF)])
    attempt(ground.desk, Reassign("p-boss", "better_placed", post=named))


def _returned(ground: Ground, pick: Pick) -> None:
    command = department(ground.desk, pick, "return")
    if command is not None:
        attempt(ground.desk, command)


def _moves(kind: type) -> Deed:
    return lambda ground, pick: attempt(ground.desk, MOVES[kind](ground.desk, pick))


DEEDS = (_decided, _decided, _way, _way, _way, _left, _named, _moves(TakeOver))
"""By which a case comes into other hands, and what the registry decides meanwhile."""


@pytest.mark.parametrize(
    ("matter", "condition", "more"),
    [
        (LITTER, "seen", ()),
        (ERRAND, "seen", (_moves(HandOnDocuments),) * 2),
        (MANHOLE, "urgent", (_moves(Take), _returned, _moves(Rule))),
    ],
    ids=["post", "service", "emergency"],
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.booleans())
def test_rule_8_by_whatever_way_a_worker_is_sent_only_what_is_admitted_then(
    matter: str, condition: str, more: Sequence[Deed], data: st.DataObject, admitted: bool
) -> None:
    ground, pick = Ground(matter), Pick(data)
    ground.decide(admitted, FROM)
    ground.desk.do(OpenCase(filed(matter=matter, condition=condition)))
    for deed in data.draw(st.lists(st.sampled_from((*DEEDS, *more)), min_size=4, max_size=12)):
        ground.desk.later(minutes=10)
        deed(ground, pick)
    for event in ground.desk.happened:
        parties, at = sent(event)
        reached = ground.workers & {party.id for party in parties}
        assert at is None or not reached or ground.admitted(at), event


def test_rule_8_the_load_of_each_worker_is_reported() -> None:
    """Also of those who have nothing; of what is open, what was withdrawn since is told apart."""
    first, done, led = opened(matter=LITTER), opened(matter=LITTER), opened(matter=QUARREL)
    assert done.state.task is not None
    done.do(CompleteTask("p-w1", done.state.task.id))
    done.do(Verify("p-lead", passed=True, evidence=()))
    assert not done.state.is_open
    withdrawn = MatterWithdrawn(matter=LITTER, valid_to=first.now)
    later = replace(first.world, admissions=build_admissions([ADMITTED, withdrawn]))

    for world, not_admitted in ((first.world, 0), (later, 1)):
        tally = Tally(workers_in(world, "d", first.now), world, first.now)
        for desk in (first, done, led):
            tally.add(desk.state)
        busy, idle = tally.result()
        assert (busy.person, busy.grids, idle.person, idle.grids) == (
            "p-w1",
            ["u1"],
            "p-w2",
            ["u2"],
        )
        assert (busy.sent, busy.open, busy.not_admitted, idle.sent) == (2, 1, not_admitted, 0)
