"""Two runs compared case by case, and what departments may have."""

from typing import Any

import pytest

from case_contracts.inbox import EXAMPLES
from civicgrid.chaos.comparing import LAPSED, differing, lines
from civicgrid.chaos.course import Told, told
from civicgrid.chaos.seen import wrong_in_feed, wrong_in_stores
from civicgrid.commands.options import scenario_file
from civicgrid.replay.scenario import read_scenario
from department.behaviour.config import DepartmentConfig

Entry = dict[str, Any]
CASE = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11"


def assigned(to: str, number: int = 1) -> Entry:
    who = [{"role": "handler", "kind": "department", "id": to}]
    return {
        "event": "task.assigned",
        "who": who,
        "facts": {"taskid": "task:1", "assignment": number},
    }


def happened(event: str, **facts: Any) -> Entry:
    return {"event": event, "who": [], "facts": facts}


ONCE = [
    assigned("um"),
    happened("task.accepted"),
    happened("task.completed"),
    happened("case.closed"),
]
LAPSED_ONCE = [
    assigned("um"),
    happened("task.accepted"),
    happened("task.lapsed"),
    assigned("um", 2),
    *ONCE[1:],
]


def test_a_lapse_is_counted_and_changes_no_course() -> None:
    before, after = {CASE: told(ONCE)}, {CASE: told(LAPSED_ONCE)}
    assert list(differing(before, after)) == []
    compared = {each.label: each for each in lines(before, after)}
    assert (compared[LAPSED].undisturbed, compared[LAPSED].disturbed) == (0, 1)
    assert not any(each.wrong for each in compared.values())


@pytest.mark.parametrize(
    "other",
    [
        [*ONCE[:3], happened("verification.failed"), *ONCE],
        [*ONCE, happened("case.reopened")],
        [assigned("um"), happened("task.returned"), assigned("wa", 2), *ONCE[1:]],
        [*ONCE[:2], happened("whistle.blown"), *ONCE[2:]],
        [*ONCE[:2], happened("extension.requested", request="r"), *ONCE[2:]],
        ONCE[:3],
    ],
)
def test_anything_else_is_another_course_and_is_named(other: list[Entry]) -> None:
    before, after = {CASE: told(ONCE)}, {CASE: told(other)}
    [said] = differing(before, after)
    assert said.startswith(CASE)
    assert any(each.wrong for each in lines(before, after))


def test_more_time_is_asked_for_anew_after_a_lapse_and_counts_once() -> None:
    asked = happened("extension.requested", request="r")
    given = happened("clock.extended", clock="handle:1")
    once = [*ONCE[:2], asked, given, *ONCE[2:]]
    twice = [*LAPSED_ONCE[:2], asked, *LAPSED_ONCE[2:5], asked, given, *LAPSED_ONCE[5:]]
    assert told(once).course == told(twice).course


def test_a_case_that_only_one_run_has_is_named() -> None:
    assert list(differing({CASE: told(ONCE)}, {})) == [f"{CASE} is in one of the runs alone"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("task:1", "over")], []),
        ([], ["um has never taken task:1"]),
        ([("task:1", "open")], ["um still works on task:1"]),
        ([("task:1", "over")] * 2, ["um has task:1 more than once"]),
        ([("task:1", "over"), ("task:2", "over")], ["um has task:2, which it was never given"]),
    ],
)
def test_each_task_is_once_in_its_departments_store(
    rows: list[tuple[str, str]], words: list[str]
) -> None:
    kept = {"um": [{"taskid": task, "state": state} for task, state in rows]}
    assert list(wrong_in_stores(kept, {CASE: told(ONCE)})) == words


def item(**fields: Any) -> dict[str, Any]:
    return EXAMPLES["task.assigned"] | {"department": "um", "case": CASE, "cursor": 1} | fields


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([item()], []),
        ([item(reporter="p-1")], ["um: task.assigned shows reporter"]),
        ([item(case="case:2")], ["um: task.assigned of case:2 is not theirs"]),
        ([item(department="wa")], [f"um: task.assigned of {CASE} is not theirs"]),
        ([item(cursor=2)], ["um: item 1 has the cursor 2"]),
    ],
)
def test_an_inbox_has_nothing_of_others_and_no_other_field(
    items: list[dict[str, Any]], words: list[str]
) -> None:
    assert list(wrong_in_feed("um", items, {CASE: told(ONCE)})) == words


def test_a_called_department_sees_the_case_that_it_was_called_to() -> None:
    called = {"event": "whistle.blown", "facts": {}, "who": [{"role": "units", "id": "wa"}]}
    cases: dict[str, Told] = {CASE: told([*ONCE[:2], called, *ONCE[2:]])}
    invited = EXAMPLES["operation.invited"] | {"department": "wa", "case": CASE, "cursor": 1}
    assert list(wrong_in_feed("wa", [invited], cases)) == []


def test_the_shipped_scenario_is_steady_in_people_and_departments() -> None:
    found = read_scenario(scenario_file("chaos.yaml"))
    assert found.departments is not None
    own = found.departments.behaviour(found.seed, steady=found.steady)
    assert DepartmentConfig.model_validate(own).steady
