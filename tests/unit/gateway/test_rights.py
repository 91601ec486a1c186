"""Whose task it is, from the rows that gave and took it, in whatever order they came."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.commands import COMMAND, EXAMPLES
from case_contracts.events.registry import CharterGranted, CharterRevoked
from case_contracts.inbox import EXAMPLES as ITEMS
from case_contracts.inbox import INBOX_ITEM
from case_contracts.values import Versioned
from gateway.commands.reading import MAX_BYTES, Unreadable, body_hash, forwarded_id, read
from gateway.domain.items import Words, item, withdrawn
from gateway.domain.rights import refusal, task_refusal
from gateway.domain.rows import ASSIGNED, INVITED, WITHDRAWN
from service_kit.charters import build_charters

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def gave(department: str | None, assignment: int) -> dict[str, Any]:
    return {"kind": ASSIGNED, "department": department, "assignment": assignment, "case": "case:1"}


def took(assignment: int, reason: str = "lapsed") -> dict[str, Any]:
    row = gave("um", assignment)
    return row | {"kind": WITHDRAWN, "data": {"reason": reason}}


@given(
    st.lists(st.sampled_from(["um", "wa", None]), min_size=1, max_size=5),
    st.sets(st.integers(1, 5)),
    st.randoms(use_true_random=False),
)
def test_only_the_latest_assignment_that_was_not_taken_back_counts(
    handlers: list[str | None], taken: set[int], random: Any
) -> None:
    rows = [gave(handler, n) for n, handler in enumerate(handlers, 1)]
    rows += [took(n) for n in taken if n <= len(handlers)]
    random.shuffle(rows)
    latest = len(handlers)
    for n in range(1, latest + 2):
        for department in ("um", "wa"):
            code = task_refusal(rows, department, n)
            if n > latest or handlers[n - 1] != department:
                assert code == "not_your_task"
            elif n < latest:
                assert code == "assignment_is_over"
            else:
                assert code == ("lapsed" if n in taken else None)


def test_a_command_needs_the_right_case_too_and_hears_no_reason_of_others() -> None:
    command = COMMAND.validate_python(EXAMPLES["accept"])
    rows = [gave("um", 1) | {"case": EXAMPLES["accept"]["case"]}]
    assert refusal(command, "um", rows) is None
    assert refusal(command, "wa", rows) == "not_your_task"
    assert refusal(command, "um", [gave("um", 1)]) == "not_your_task"
    assert refusal(command, "um", []) == "not_your_task"
    over = [*rows, took(1, "charter_revoked") | {"case": EXAMPLES["accept"]["case"]}]
    assert refusal(command, "um", over) == "assignment_is_over"


def test_operations_are_for_those_who_were_called() -> None:
    command = COMMAND.validate_python(EXAMPLES["join"])
    rows = [{"kind": INVITED, "department": "wa"}]
    assert refusal(command, "wa", rows) is None
    assert refusal(command, "um", rows) == "not_your_operation"


def test_a_charter_holds_between_its_ends_and_until_it_is_revoked() -> None:
    charter = Versioned(id="charter:um", version=1)
    granted = CharterGranted.model_validate(
        CharterGranted.EXAMPLE
        | {"charter": "charter:um", "valid_from": NOW, "valid_to": NOW + timedelta(days=9)}
    )
    revoked = CharterRevoked(
        charter="charter:um", version=1, department="um", valid_to=NOW + timedelta(days=5)
    )
    charters = build_charters([granted, revoked])
    held = [charters.holds(charter, NOW + timedelta(days=d)) for d in (-1, 0, 4, 5, 9)]
    assert held == [False, True, True, False, False]
    assert not build_charters([revoked]).known(charter)
    assert build_charters([granted]).holds(charter, NOW + timedelta(days=8))


def test_an_item_has_only_the_fields_of_its_model() -> None:
    data = {k: v for k, v in ITEMS["task.assigned"].items() if k not in ("text", "point")}
    row = {
        "_id": "event-1", "kind": ASSIGNED, "number": 4, "log": "um", "about": data["taskid"],
        "case": data["case"], "assignment": 1, "traceparent": None,
        "data": data | {"reporter": "p-1", "email": "x@example.org"},
    }  # fmt: skip
    shown = item(row, Words("井盖没了", None)).model_dump()
    assert not {"reporter", "email"} & shown.keys()
    assert (shown["text"], shown["cursor"], shown["id"]) == ("井盖没了", 4, "event-1")
    gone = withdrawn(row, "charter_revoked")
    assert (
        gone.model_dump().keys()
        == INBOX_ITEM.validate_python(ITEMS["task.withdrawn"]).model_dump().keys()
    )


@pytest.mark.parametrize(
    ("body", "command", "name"),
    [
        (b"\xff", None, "unknown"),
        (b"[1]", None, "unknown"),
        (b'{"name": "accept"}', None, "accept"),
        (b'{"id": "c 1", "name": "accept"}', None, "accept"),
        (b'{"id": "c-1"}', "c-1", "unknown"),
        (b'{"id": "c-1", "name": {"$ne": 1}}', "c-1", "unknown"),
        (b'{"id": "c-1", "name": "accept", "taskid": "t"}', "c-1", "accept"),
        (b" " * (MAX_BYTES + 1), None, "unknown"),
    ],
)
def test_what_is_no_command_is_answerable_where_its_id_can_be_read(
    body: bytes, command: str | None, name: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read(body)
    assert (refused.value.id, refused.value.name) == (command, name)


def test_repetitions_are_known_by_their_content_and_departments_do_not_clash() -> None:
    accept = COMMAND.validate_python(EXAMPLES["accept"])
    later = COMMAND.validate_python(EXAMPLES["accept"] | {"sent_at": NOW})
    other = COMMAND.validate_python(EXAMPLES["heartbeat"] | {"id": EXAMPLES["accept"]["id"]})
    assert body_hash(accept) == body_hash(later) != body_hash(other)
    assert forwarded_id("um", "c-1") != forwarded_id("wa", "c-1")
