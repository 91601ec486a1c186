"""A district that is newer than the department: what it adds does no harm."""

import json

import pytest
from prometheus_client import REGISTRY

from case_contracts.commands import COMMAND
from case_contracts.commands import EXAMPLES as COMMANDS
from case_contracts.inbox import EXAMPLES, INBOX_ITEM
from department_sdk.testing import DEPARTMENT, Rehearsal
from tests.unit.sdk.handlers import MANHOLE, completing, names


def unknown() -> float:
    labels = {"department": DEPARTMENT, "kind": "unknown"}
    return REGISTRY.get_sample_value("civicgrid_sdk_items_total", labels) or 0.0


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_field_that_was_added_later_is_ignored(kind: str) -> None:
    item = INBOX_ITEM.validate_python({**EXAMPLES[kind], "added_later": {"a": [1]}})
    assert item == INBOX_ITEM.validate_python(EXAMPLES[kind])


async def test_an_item_of_a_later_kind_is_counted_taken_off_and_work_goes_on() -> None:
    before = unknown()
    async with Rehearsal(completing) as rehearsal:
        later = {**rehearsal.line.head(), "kind": "drone.sent", "drone": 7}
        assert await rehearsal.department.on_item(json.dumps(later).encode()) is True
        assert names(await rehearsal.task(matter=MANHOLE)) == ["accept", "complete"]
    assert unknown() == before + 1


async def test_a_notice_of_a_later_sort_does_no_harm() -> None:
    async with Rehearsal(completing) as rehearsal:
        notice = {**EXAMPLES["notice"], **rehearsal.line.head(), "what": "something-later"}
        assert await rehearsal.department.on_item(json.dumps(notice).encode()) is True


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_an_unknown_field_of_a_command_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="misspelt"):
        COMMAND.validate_python({**COMMANDS[name], "misspelt": 1})
