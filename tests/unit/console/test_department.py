"""A department's ledger, and the pages made of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts import commands as said
from case_contracts.inbox import EXAMPLES, INBOX_ITEM, InboxItem
from console.domain import departmental
from console.domain.ledger import MOST_ENDED, Ledger

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
TASK = EXAMPLES["task.assigned"]["taskid"]
KEY = "0123456789ab"


def item(kind: str, cursor: int, **fields: Any) -> InboxItem:
    return INBOX_ITEM.validate_python({**EXAMPLES[kind], "kind": kind, "cursor": cursor, **fields})


def answer(cursor: int, name: str, accepted: bool = True, **fields: Any) -> InboxItem:
    command = fields.pop("command", f"{TASK}:1:{name}:{KEY}")
    said = {"command": command, "name": name, "accepted": accepted, **fields}
    return item("command.answered", cursor, **said)


def ledger(*items: InboxItem) -> Ledger:
    found = Ledger()
    for each in items:
        found.take(each)
    return found


def test_a_task_goes_from_waiting_over_in_hand_to_completed() -> None:
    held = ledger(item("task.assigned", 1))
    assert held.tasks[TASK].state == "waiting"
    held.take(answer(2, "accept", lease_until="2026-01-05T13:12:30+08:00"))
    assert held.tasks[TASK].state == "in_hand"
    assert held.tasks[TASK].lease_until is not None
    held.take(answer(3, "complete", accepted=False, code="evidence_missing"))
    assert (held.tasks[TASK].state, held.tasks[TASK].refused) == ("in_hand", "evidence_missing")
    held.take(answer(4, "complete"))
    assert (held.tasks[TASK].state, held.tasks[TASK].refused) == ("completed", None)


def test_what_the_sdk_says_counts_as_well() -> None:
    held = ledger(item("task.assigned", 1), answer(2, "accept", command=f"{TASK}:1:accept"))
    assert held.tasks[TASK].state == "in_hand"


@pytest.mark.parametrize("command", ["another:1:accept", f"{TASK}:2:accept", f"{TASK}:11:accept"])
def test_an_answer_to_something_else_changes_nothing(command: str) -> None:
    held = ledger(item("task.assigned", 1), answer(2, "accept", command=command))
    assert held.tasks[TASK].state == "waiting"


def test_a_withdrawn_task_is_over_and_an_old_withdrawal_ends_no_new_assignment() -> None:
    old = item("task.withdrawn", 3, assignment=1, reason="lapsed")
    held = ledger(item("task.assigned", 1), item("task.assigned", 2, assignment=2), old)
    assert held.tasks[TASK].state == "waiting"
    held.take(item("task.withdrawn", 4, assignment=2, reason="charter_revoked"))
    assert held.tasks[TASK].state == "withdrawn"
    assert held.tasks[TASK].reason == "charter_revoked"


def test_rework_begins_anew_and_keeps_what_was_told() -> None:
    held = ledger(item("task.assigned", 1), item("notice", 2, what="pressed"),
                  answer(3, "accept"), answer(4, "complete"),
                  item("task.assigned", 5, assignment=2, rework=True))  # fmt: skip
    assert held.tasks[TASK].state == "waiting"
    assert [each.what for each in held.tasks[TASK].notices] == ["pressed"]


def test_the_limit_is_the_one_that_was_told_last() -> None:
    later = "2026-01-07T11:12:30+08:00"
    held = ledger(item("task.assigned", 1), item("notice", 2, what="extended", due_at=later))
    assert departmental.due_at(held.tasks[TASK]) == datetime.fromisoformat(later)
    held.take(answer(3, "accept"))
    [row] = departmental.listed(held, "in_hand", NOW)
    assert row.by is not None
    assert row.by.at == datetime.fromisoformat(later)


def test_a_slip_is_to_be_answered_until_it_was() -> None:
    held = ledger(item("task.assigned", 1), item("notice", 2, what="slip", slip="slip:1"))
    assert [each.slip for each in departmental.open_slips(held.tasks[TASK], ())] == ["slip:1"]
    assert departmental.open_slips(held.tasks[TASK], ["slip:1"]) == []


KINDS = st.sampled_from(sorted(EXAMPLES))


@given(st.lists(KINDS, max_size=30), st.data())
def test_the_same_items_again_in_any_pages_change_nothing(kinds: list[str], data: Any) -> None:
    items = [item(kind, number) for number, kind in enumerate(kinds, start=1)]
    once, again = ledger(*items), Ledger()
    cut = data.draw(st.integers(0, len(items)))
    for each in [*items[:cut], *items]:
        again.take(each)
    assert (once.tasks, once.operations, once.after) == (again.tasks, again.operations, again.after)


def test_only_so_much_of_what_is_over_is_kept() -> None:
    held = Ledger()
    for number in range(MOST_ENDED + 50):
        ids = {"taskid": f"task:{number}", "case": f"case:{number}"}
        held.take(item("task.assigned", 2 * number + 1, **ids))
        held.take(item("task.withdrawn", 2 * number + 2, **ids))
    assert len(held.tasks) == MOST_ENDED
    assert f"task:{MOST_ENDED + 49}" in held.tasks


FIELDS: dict[str, dict[str, Any]] = {
    "progress": {"step": "on-site"},
    "return": {"reason": "not_ours", "proposed": "water-affairs"},
    "ask_help": {"reason": "resisted", "units": ["water-affairs"]},
    "ask_pause": {"reason": "weather", "until": NOW + timedelta(days=1)},
    "ask_extension": {"reason": "parts_ordered", "amount": "8"},
}


@pytest.mark.parametrize("act", departmental.TASK_ACTS)
def test_every_form_says_a_command_of_the_contract(act: str) -> None:
    held = ledger(item("task.assigned", 1)).tasks[TASK]
    command = departmental.task_command(held, act, KEY, FIELDS.get(act, {}))
    assert command is not None
    assert said.COMMAND.validate_python(command).name == act


@pytest.mark.parametrize("act", departmental.OPERATION_ACTS)
def test_every_step_of_an_operation_too(act: str) -> None:
    invited = item("operation.invited", 1)
    [called] = ledger(invited).operations.values()
    command = departmental.operation_command(called, act, KEY, {"reason": "no_crew"})
    assert command is not None
    assert said.COMMAND.validate_python(command).name == act


@pytest.mark.parametrize("act", FIELDS)
@pytest.mark.parametrize("wrong", [{}, {"reason": "made-up", "step": "made-up", "units": []}])
def test_a_form_that_lacks_something_says_nothing(act: str, wrong: dict[str, Any]) -> None:
    held = ledger(item("task.assigned", 1)).tasks[TASK]
    assert departmental.task_command(held, act, KEY, wrong) is None


def test_tasks_due_first_are_on_top_and_late_ones_say_so() -> None:
    at = {"due_at": (NOW - timedelta(hours=1)).isoformat(), "accept_by": None}
    later = {"due_at": (NOW + timedelta(minutes=30)).isoformat(), "accept_by": None}
    held = ledger(
        item("task.assigned", 1, taskid="task:b", **later),
        item("task.assigned", 2, taskid="task:a", **at),
        item("task.assigned", 3, taskid="task:c", due_at=None, accept_by=None),
    )
    shown = departmental.listed(held, "waiting", NOW)
    assert [row.held.item.taskid for row in shown] == ["task:a", "task:b", "task:c"]
    assert [row.by.mood if row.by else None for row in shown] == ["bad", "warn", None]
