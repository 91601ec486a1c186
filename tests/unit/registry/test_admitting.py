"""Admission: never without two people who did not propose it, never for longer than was asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    DepartmentRegistered,
    MatterAdmitted,
    MatterProposed,
    MatterReviewed,
)
from registry.domain.admitted import admitted
from registry.domain.admitting import Found, propose, review, withdrawal
from registry.domain.proposals import proposals
from service_kit.errors import CivicError, NotFound, Refused
from tests.unit.registry.standards import small_standard

T0 = datetime(2026, 3, 1, tzinfo=UTC)
MATTER = "event/street/litter"
ROADS = DepartmentRegistered.model_validate(
    {"department": "roads", "name": {"zh": "道路局", "en": "Roads"}}
)
RULES: dict[str, list[EventData]] = {
    "standard:lanhe": [small_standard()],
    "department:roads": [ROADS],
}


def day(number: int) -> datetime:
    return T0 + timedelta(days=number)


@dataclass
class Desk:
    """One matter; each step is planned on what was said before, and said."""

    said: list[EventData] = field(default_factory=list)
    now: datetime = T0

    def take(self, found: Found) -> list[str]:
        assert found.errors == (), found.errors
        self.said += found.events
        return [event.SPEC.name for event in found.events]

    def propose(self, by: str = "p-1", **more: object) -> Found:
        wanted = MatterProposed.model_validate(
            {
                "matter": MATTER, "proposal": f"proposal:{len(self.said)}", "department": "roads",
                "proposed_by": by, **more,
            }
        )  # fmt: skip
        return propose(wanted, {**RULES, f"matter:{MATTER}": self.said}, self.now)

    def review(self, by: str, verdict: str = "admit") -> list[str]:
        return self.take(review(self.said, None, by, verdict, self.now))

    def withdraw(self, until: datetime | None = None) -> list[str]:
        return self.take(withdrawal(MATTER, self.said, until, self.now))

    def admits(self, when: datetime) -> bool:
        published = {**RULES, f"matter:{MATTER}": self.said}
        return bool(list(admitted(published, when)))


def code(desk: Desk, by: str) -> str:
    with pytest.raises(Refused) as refused:
        desk.review(by)
    return refused.value.code


def test_two_others_admit_it() -> None:
    desk = Desk()
    desk.take(desk.propose())
    assert desk.review("p-2") == ["matter.reviewed"]
    assert not desk.admits(T0)
    assert code(desk, "p-1") == "own_proposal"
    assert code(desk, "p-2") == "reviewed_already"
    assert desk.review("p-3") == ["matter.reviewed", "matter.admitted"]
    last = desk.said[-1]
    assert isinstance(last, MatterAdmitted)
    assert (last.reviewed_by, last.also_reviewed_by, last.proposed_by) == ("p-2", "p-3", "roads")
    assert (last.valid_from, last.valid_to) == (T0, None)
    assert desk.admits(T0)
    assert code(desk, "p-4") == "decided_already"


def test_one_refusal_ends_it_and_it_can_be_proposed_again() -> None:
    desk = Desk()
    desk.take(desk.propose())
    desk.review("p-2")
    assert desk.review("p-3", "refuse") == ["matter.reviewed"]
    assert [p.state(T0) for p in proposals(desk.said)] == ["refused"]
    desk.take(desk.propose())
    assert code(desk, "p-1") == "own_proposal"


def test_an_urgent_one_needs_one_person_and_an_end() -> None:
    desk = Desk()
    [error] = desk.propose(urgent=True).errors
    assert error.code == "urgent_open"
    desk.take(desk.propose(urgent=True, valid_to=day(10)))
    assert code(desk, "p-1") == "own_proposal"
    assert desk.review("p-2") == ["matter.reviewed", "matter.admitted"]
    assert [desk.admits(day(n)) for n in (0, 9, 10)] == [True, True, False]
    last = desk.said[-1]
    assert isinstance(last, MatterAdmitted)
    assert (last.urgent, last.also_reviewed_by) == (True, None)


def test_it_holds_from_its_admission_on_at_the_earliest() -> None:
    desk = Desk()
    desk.take(desk.propose(valid_from=day(-30)))
    desk.review("p-2")
    desk.now = day(3)
    desk.review("p-3")
    assert [desk.admits(day(n)) for n in (-1, 2, 3)] == [False, False, True]


def test_a_proposal_whose_time_ran_out_is_not_admitted() -> None:
    desk = Desk()
    desk.take(desk.propose(valid_to=day(5)))
    desk.now = day(6)
    assert code(desk, "p-2") == "decided_already"
    assert [p.state(desk.now) for p in proposals(desk.said)] == ["lapsed"]
    desk.take(desk.propose())


def test_withdrawn_and_admitted_again() -> None:
    desk = Desk()
    desk.take(desk.propose())
    desk.review("p-2")
    desk.review("p-3")
    with pytest.raises(Refused, match="admitted for all"):
        desk.propose()
    desk.now = day(10)
    assert desk.withdraw() == ["matter.withdrawn"]
    with pytest.raises(Refused) as refused:
        desk.withdraw()
    assert refused.value.code == "ended_already"
    desk.now = day(20)
    desk.take(desk.propose("p-2"))
    desk.review("p-1")
    desk.review("p-3")
    assert [desk.admits(day(n)) for n in (5, 10, 19, 20)] == [True, False, False, True]


def test_what_cannot_be_withdrawn_and_what_cannot_be_proposed() -> None:
    desk = Desk()
    with pytest.raises(NotFound):
        desk.withdraw()
    with pytest.raises(NotFound):
        desk.review("p-2")
    found = propose(
        MatterProposed(
            matter="event/street/liter", proposal="x", department="none", proposed_by="p-1"
        ),
        RULES, T0,
    )  # fmt: skip
    assert [(e.code, e.hint) for e in found.errors] == [
        ("matter_unknown", f"did you mean {MATTER}?"),
        ("department_unknown", "the departments are roads"),
    ]


people = st.sampled_from(["p-1", "p-2", "p-3"])
steps = st.one_of(
    st.tuples(st.just("propose"), people, st.booleans(), st.integers(1, 20)),
    st.tuples(st.just("review"), people, st.sampled_from(["admit", "admit", "refuse"])),
    st.tuples(st.just("withdraw"), st.none() | st.integers(0, 10)),
    st.tuples(st.just("wait"), st.integers(1, 9)),
)


@given(st.lists(steps, max_size=25))
def test_whatever_happens_nothing_is_admitted_by_too_few(taken: list[tuple[object, ...]]) -> None:
    desk = Desk()
    for step in taken:
        try:
            match step:
                case ("propose", str(by), bool(urgent), int(days)):
                    end = desk.now + timedelta(days=days) if urgent else None
                    desk.take(desk.propose(by, urgent=urgent, valid_to=end))
                case ("review", str(by), str(verdict)):
                    desk.review(by, verdict)
                case ("withdraw", int(days)):
                    desk.withdraw(desk.now + timedelta(days=days))
                case ("withdraw", None):
                    desk.withdraw()
                case ("wait", int(days)):
                    desk.now += timedelta(days=days)
        except CivicError:
            continue
    _check(desk)


def _check(desk: Desk) -> None:
    before: list[EventData] = []
    for event in desk.said:
        if isinstance(event, MatterAdmitted):
            proposal = [e for e in before if isinstance(e, MatterProposed)][-1]
            admitting = {
                e.reviewed_by
                for e in before
                if isinstance(e, MatterReviewed) and e.proposal == proposal.proposal
            }
            assert proposal.proposed_by not in admitting
            assert len(admitting) == (1 if proposal.urgent else 2)
            assert not proposal.urgent or event.valid_to == proposal.valid_to is not None
        before.append(event)
