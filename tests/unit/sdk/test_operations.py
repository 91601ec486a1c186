"""A department's part in operations, rehearsed without a broker."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from case_contracts import clock
from case_contracts.inbox import (
    EXAMPLES,
    InvitationItem,
    OperationConcludedItem,
    OperationProgressItem,
)
from department_sdk import Call, Declined, Department, NeedHelp, Outcome, Task
from department_sdk.memory import SqliteMemory
from department_sdk.testing import DEPARTMENT, Rehearsal
from tests.unit.sdk.handlers import completing, names

DAYS = timedelta(days=1000)


async def test_a_unit_joins_arrives_and_signs_off_or_declines() -> None:
    def register(dept: Department) -> None:
        @dept.joins
        async def come(call: Call) -> Declined | None:
            return Declined("no_power") if call.item.operation == "operation:2" else None

    async with Rehearsal(register) as rehearsal:
        said = await rehearsal.call(operation="operation:1", lead="another")
        assert names(said) == ["join", "arrive", "sign_off"]
        said = await rehearsal.call(operation="operation:2", lead="another")
        assert names(said) == ["decline"]


async def test_the_lead_signs_off_when_every_unit_is_done() -> None:
    def register(dept: Department) -> None:
        @dept.handles("*")
        async def too_big(task: Task) -> Outcome:
            return NeedHelp(units=("wa", "mr"), reason="needs_other_powers")

    async with Rehearsal(register) as rehearsal:
        assert names(await rehearsal.task()) == ["accept", "ask_help"]
        line = rehearsal.line
        called = {
            "lead": DEPARTMENT,
            "units": ("wa", "mr"),
            "arrive_by": clock.now() + timedelta(hours=1),
        }
        invitation = InvitationItem.model_validate(
            EXAMPLES["operation.invited"] | called | line.head()
        )
        await line.give(invitation)
        for unit, step in (("wa", "joined"), ("mr", "declined"), ("wa", "signed_off")):
            assert "sign_off" not in names(line.sent)
            await line.give(_told(invitation, unit, step, rehearsal))
        await rehearsal.idle()
        assert names(line.sent)[-1] == "sign_off"


async def test_a_restarted_lead_knows_who_has_signed_off(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    memory = SqliteMemory(path)
    called = {"lead": DEPARTMENT, "units": ("wa", "mr"), "arrive_by": clock.now() + DAYS}
    async with Rehearsal(completing, memory=memory) as before:
        example = EXAMPLES["operation.invited"] | called | before.line.head()
        invitation = InvitationItem.model_validate(example)
        await before.line.give(invitation)
        await before.line.give(_told(invitation, "wa", "signed_off", before))
        await before.line.give(_told(invitation, "mr", "joined", before))
    memory.close()
    memory = SqliteMemory(path)
    async with Rehearsal(completing, memory=memory) as after:
        assert after.line.sent == []
        await after.line.give(_told(invitation, "mr", "signed_off", after))
        await after.idle()
        assert names(after.line.sent) == ["sign_off"]
        assert await memory.units_done(invitation.operation) == set()
    memory.close()


def _told(
    invitation: InvitationItem, unit: str, step: str, rehearsal: Rehearsal
) -> OperationProgressItem:
    told = {"operation": invitation.operation, "case": "case:1", "unit": unit, "step": step}
    return OperationProgressItem.model_validate(told | rehearsal.line.head())


async def test_a_lead_does_not_wait_for_ever_and_a_concluded_operation_ends(fast: None) -> None:
    async with Rehearsal(completing, patience=timedelta(hours=1)) as rehearsal:
        line = rehearsal.line
        called: dict[str, Any] = {"lead": DEPARTMENT, "units": ("wa",), "arrive_by": clock.now()}
        example = EXAMPLES["operation.invited"] | called
        await line.give(InvitationItem.model_validate(example | line.head()))
        await rehearsal.idle()
        assert names(line.sent) == ["sign_off"]
        waiting = example | {"operation": "operation:9", "units": ("wa",)}
        waiting["arrive_by"] = clock.now() + timedelta(days=1000)
        await line.give(InvitationItem.model_validate(waiting | line.head()))
        assert rehearsal.department.open_work == 1
        over = {"operation": "operation:9", "case": "case:1"}
        await line.give(OperationConcludedItem.model_validate(over | line.head()))
        await rehearsal.idle()
        assert names(line.sent) == ["sign_off"]
