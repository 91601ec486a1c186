"""The rules of an operation, without any machinery."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts import commands as said
from case_contracts.events import joint as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import WhistleBlown
from joint.commands.aggregate import OperationAggregate
from joint.commands.convene import Convene
from joint.commands.department_command import DepartmentCommand
from joint.domain.state import OperationState, Presence, Status
from joint.domain.world import Policy, World
from service_kit.store import Actor, Context

START = datetime(2026, 1, 5, 1, 20, tzinfo=UTC)
LEAD, HELPER = "urban-management", "market-regulation"
AGGREGATE = OperationAggregate()


def context(now: datetime = START) -> Context:
    world = World(Policy(arrival=timedelta(minutes=30)))
    return Context(now, lambda noun: f"{noun}:1", world, "cause", "correlation", Actor("test"))


def whistle(*units: str, lead: str = LEAD) -> Convene:
    example = {**WhistleBlown.EXAMPLE, "units": units, "lead": lead, "blown_at": START}
    return Convene(WhistleBlown.model_validate(example))


class Operation:
    """An operation that is told one thing after the other."""

    def __init__(self, *units: str) -> None:
        self.state = AGGREGATE.initial("operation:1a2b")
        self.tell(whistle(*units))

    def tell(self, command: object, now: datetime = START) -> list[EventData]:
        decided = AGGREGATE.decide(self.state, command, context(now))
        told: list[EventData] = []
        for event in decided:
            assert isinstance(event, EventData)
            self.state = AGGREGATE.evolve(self.state, event)
            told.append(event)
        return told

    def hear(self, department: str, name: str, now: datetime = START) -> list[EventData]:
        raw = {"id": f"{department}:{name}", "name": name, "operation": "operation:1a2b"}
        reason = {"reason": "no_power"} if name == "decline" else {}
        command = said.COMMAND.validate_python({**raw, **reason})
        assert isinstance(command, get_args(said.OperationCommand))
        return self.tell(DepartmentCommand(f"forwarded:{name}", department, command), now)

    def presence(self, department: str) -> Presence | None:
        unit = self.state.unit(department)
        return None if unit is None else unit.presence


def code(told: list[EventData]) -> str:
    (refused,) = told
    assert isinstance(refused, events.OperationCommandRefused)
    return refused.code


def test_a_whistle_convenes_and_invites_the_lead_and_every_unit_once() -> None:
    operation = Operation(HELPER, LEAD, HELPER)

    assert operation.state.status == Status.OPEN
    assert [u.department for u in operation.state.units] == [LEAD, HELPER]
    assert operation.state.arrive_by == START + timedelta(minutes=30)


def test_the_same_whistle_again_changes_nothing() -> None:
    assert Operation(HELPER).tell(whistle("water-affairs")) == []


@pytest.mark.parametrize(("minutes", "on_time"), [(30, True), (31, False)])
def test_arrival_is_on_time_up_to_the_limit(minutes: int, on_time: bool) -> None:
    operation = Operation(HELPER)

    (arrived,) = operation.hear(HELPER, "arrive", START + timedelta(minutes=minutes))

    assert isinstance(arrived, events.UnitArrived)
    assert arrived.on_time is on_time


def test_the_leads_signature_concludes() -> None:
    operation = Operation(HELPER)
    operation.hear(HELPER, "join")

    signed, concluded = operation.hear(LEAD, "sign_off")

    assert isinstance(signed, events.UnitSignedOff)
    assert isinstance(concluded, events.OperationConcluded)
    assert concluded.taskid == WhistleBlown.EXAMPLE["taskid"]
    assert operation.state.status == Status.CONCLUDED


def test_a_units_signature_does_not_conclude() -> None:
    operation = Operation(HELPER)
    operation.hear(HELPER, "arrive")

    assert len(operation.hear(HELPER, "sign_off")) == 1
    assert operation.state.status == Status.OPEN


def test_whoever_declined_may_still_come() -> None:
    operation = Operation(HELPER)
    operation.hear(HELPER, "decline")

    operation.hear(HELPER, "join")

    assert operation.presence(HELPER) == Presence.JOINED


def test_who_was_not_called_and_who_asks_for_what_is_not_there_hear_the_same() -> None:
    operation = Operation(HELPER)
    called = code(operation.hear("water-affairs", "join"))
    operation.state = OperationState(operation="operation:none")

    assert called == code(operation.hear(HELPER, "join")) == "not_your_operation"


@pytest.mark.parametrize(
    ("department", "before", "name", "expected"),
    [
        (HELPER, [], "sign_off", "unit_is_invited"),
        (HELPER, ["join"], "join", "unit_is_joined"),
        (HELPER, ["decline"], "arrive", "unit_is_declined"),
        (HELPER, ["arrive", "sign_off"], "sign_off", "unit_is_signed_off"),
        (LEAD, [], "decline", "unit_is_invited"),
        (LEAD, ["sign_off"], "arrive", "operation_is_over"),
    ],
)
def test_a_step_out_of_turn_is_answered_with_its_reason(
    department: str, before: list[str], name: str, expected: str
) -> None:
    operation = Operation(HELPER)
    for earlier in before:
        operation.hear(department, earlier)

    assert code(operation.hear(department, name)) == expected


SAYS = st.tuples(
    st.sampled_from([LEAD, HELPER, "water-affairs", "stranger"]),
    st.sampled_from(["join", "decline", "arrive", "sign_off"]),
)


@given(st.lists(SAYS, max_size=12))
def test_whatever_is_said_the_lead_alone_concludes_and_every_command_is_answered(
    course: list[tuple[str, str]],
) -> None:
    operation = Operation(HELPER, "water-affairs")
    for department, name in course:
        was = operation.state.status
        told = operation.hear(department, name)

        assert told
        if was == Status.OPEN and operation.state.status == Status.CONCLUDED:
            assert (department, name) == (LEAD, "sign_off")
        if was == Status.CONCLUDED:
            assert code(told) in {"operation_is_over", "not_your_operation"}
        assert operation.presence("stranger") is None
