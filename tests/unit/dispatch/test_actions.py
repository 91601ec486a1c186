"""What a person is told that they can do with a case, and why not the rest."""

from dispatch.commands.aggregate import EVERY
from dispatch.domain.step import Who
from dispatch.domain.whose import LABELS, Caller
from dispatch.views.actions import Action, actions
from tests.unit.dispatch.district import LITTER, Desk
from tests.unit.dispatch.test_way_of_a_case import completed, opened, said

SUPERVISOR = Caller("p-boss", scopes=frozenset({"cases.supervise"}))


def told(desk: Desk, caller: Caller) -> dict[str, Action]:
    found = actions(EVERY, desk.state, desk.world, desk.now, caller)
    return {each.step: each for each in found}


def codes(action: Action) -> list[str]:
    return [cause.code for cause in action.why]


def test_every_step_is_there_with_its_labels_and_whose_it_is() -> None:
    found = told(opened(), SUPERVISOR)
    assert set(found) == {step.name for step in EVERY}
    for action in found.values():
        assert action.label.zh
        assert action.label.en
        assert action.whose
        assert action.possible == (not action.why)
    assert set(LABELS) == set(Who)


def test_a_supervisor_may_give_the_task_anew_but_not_accept_it() -> None:
    found = told(opened(), SUPERVISOR)
    assert found["reassign"].possible
    assert codes(found["accept"]) == ["not_yours"]
    assert found["accept"].whose[0].parties[0].id == "um"
    assert codes(found["verify"]) == ["nothing_to_verify", "not_yours"]


def test_the_department_is_told_what_its_state_does_not_allow() -> None:
    desk = opened()
    desk.do(said(desk, "accept"))
    desk.do(said(desk, "ask_help", units=["mr"], reason="needs_other_powers"))
    found = told(desk, Caller("department:um", "um"))
    assert found["heartbeat"].possible
    assert codes(found["accept"]) == ["already_accepted"]
    assert codes(found["complete"]) == ["operation_open"]
    assert codes(told(desk, Caller("department:wa", "wa"))["heartbeat"]) == ["not_yours"]


def test_only_the_verifier_verifies_and_never_their_own_work() -> None:
    desk = completed(opened())
    assert told(desk, Caller("p-w1"))["verify"].possible
    assert not told(desk, Caller("p-lead"))["verify"].possible
    assert not told(desk, SUPERVISOR)["verify"].possible


def test_the_post_that_handles_it_completes_it() -> None:
    desk = opened(matter=LITTER)
    found = told(desk, Caller("p-w1"))
    assert found["complete_task"].possible
    assert next(iter(found)) in {name for name, each in found.items() if each.possible}
