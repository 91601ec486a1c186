"""Dispatch and joint as the gateway sees them: they take commands and publish what came of it."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from case_bus.memory import MemoryBroker, MemoryConsumer
from case_bus.port import Delivery
from case_bus.topology import commands_queue
from case_contracts import commands as said
from case_contracts.commands import Forwarded
from case_contracts.events import dispatch, joint, registry
from case_contracts.events.base import EventData
from case_contracts.values import Party, PartyKind
from service_kit import clock
from tests.support.twin import Twin

LEASE = timedelta(minutes=60)


@dataclass
class FakeDispatch:
    """Assigns tasks; accepts every command of a task's handler, unless told to refuse it."""

    gateway: Twin
    taken: list[Forwarded] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    lead: dict[str, str] = field(default_factory=dict)
    _sent: dict[str, list[EventData]] = field(default_factory=dict)
    _accepted: set[str] = field(default_factory=set)

    @classmethod
    @asynccontextmanager
    async def running(cls, gateway: Twin, broker: MemoryBroker) -> "AsyncIterator[FakeDispatch]":
        fake, consumer = cls(gateway), MemoryConsumer(broker)
        for service in ("dispatch", "joint"):
            await consumer.start(commands_queue(service), fake.on_delivery)
        yield fake
        await consumer.close()

    async def charter(self, department: str, version: int = 1) -> registry.CharterGranted:
        charter = f"charter:{department}:all"
        granted = registry.CharterGranted.model_validate(
            registry.CharterGranted.EXAMPLE
            | {"charter": charter, "version": version, "department": department}
        )
        await self.gateway.say(granted, charter)
        return granted

    async def revoke_charter(self, department: str, at: datetime) -> None:
        charter = f"charter:{department}:all"
        revoked = registry.CharterRevoked(
            charter=charter, version=1, department=department, valid_to=at
        )
        await self.gateway.say(revoked, charter)

    async def assign(self, department: str, **change: Any) -> dispatch.TaskAssigned:
        """A task for a department under its charter; ``assignment`` etc. can be given."""
        taskid = change.pop("taskid", f"task:{uuid.uuid4()}")
        case = change.pop("case", f"case:{uuid.uuid4()}")
        example = dispatch.TaskAssigned.EXAMPLE | {
            "case": case,
            "taskid": taskid,
            "handler": {"kind": "department", "id": department},
            "charter": {"id": f"charter:{department}:all", "version": 1},
            "assigned_at": clock.now().isoformat(),
        }
        assigned = dispatch.TaskAssigned.model_validate(example | change)
        await self.gateway.say(assigned, case)
        return assigned

    async def take_away(self, task: dispatch.TaskAssigned) -> None:
        """A supervisor takes the task from its handler."""
        revoked = dispatch.TaskRevoked(
            case=task.case, taskid=task.taskid, assignment=task.assignment, handler=task.handler,
            reason="lapsed", revoked_at=clock.now(),
        )  # fmt: skip
        await self.gateway.say(revoked, task.case)

    async def on_delivery(self, delivery: Delivery) -> None:
        forwarded = Forwarded.model_validate_json(delivery.body)
        self.taken.append(forwarded)
        if not self.silent:
            await self.answer(forwarded)
        await delivery.ack()

    async def answer(self, forwarded: Forwarded) -> None:
        """What comes of a command, once: the same one again has happened already."""
        if forwarded.id in self._sent:
            return
        command = forwarded.command
        code = self.refuse.get(command.name)
        if isinstance(command, said.OperationCommand):
            events = self._of_operation(forwarded, code)
        else:
            events = self._of_task(forwarded, code)
        self._sent[forwarded.id] = events
        for event in events:
            subject = getattr(event, event.SPEC.aggregate)
            envelope = self.gateway.envelope(event, subject, clock.now())
            caused = envelope.model_copy(update={"causationid": forwarded.id})
            await self.gateway.send(caused)

    def _of_task(self, forwarded: Forwarded, code: str | None) -> list[EventData]:
        command = forwarded.command
        assert not isinstance(command, said.OperationCommand)
        if code is not None:
            refused = dispatch.CommandRefused(
                case=command.case, command=forwarded.id, department=forwarded.department,
                name=command.name, code=code, retry=False,
            )  # fmt: skip
            return [refused]
        handler = Party(kind=PartyKind.DEPARTMENT, id=forwarded.department)
        facts: dict[str, Any] = {
            "case": command.case,
            "taskid": command.taskid,
            "assignment": command.assignment,
            "handler": handler,
        }
        return self._outcome(command, facts, forwarded)

    def _outcome(
        self, command: Any, facts: dict[str, Any], forwarded: Forwarded
    ) -> list[EventData]:
        now = clock.now()
        until = now + LEASE
        if command.name == "ask_help":
            return self._whistle(command, facts, forwarded)
        make: dict[str, Callable[[], EventData]] = {
            "accept": lambda: dispatch.TaskAccepted(**facts, accepted_at=now, lease_until=until),
            "heartbeat": lambda: dispatch.TaskProgressed(
                **facts, step="heartbeat", lease_until=until
            ),
            "progress": lambda: dispatch.TaskProgressed(
                **facts, step=command.step, lease_until=until
            ),
            "return": lambda: dispatch.TaskReturned(
                **facts, reason=command.reason, proposed=command.proposed, returned_at=now
            ),
            "complete": lambda: dispatch.TaskCompleted(
                **facts, completed_at=now, evidence=command.evidence, on_time=True
            ),
        }
        key = f"{command.taskid}:{command.assignment}"
        accepts = command.name == "complete" and key not in self._accepted
        if accepts or command.name == "accept":
            self._accepted.add(key)
        return [*([make["accept"]()] if accepts else []), make[command.name]()]

    def _whistle(
        self, command: said.AskHelp, facts: dict[str, Any], forwarded: Forwarded
    ) -> list[EventData]:
        operation, now = f"operation:{uuid.uuid4().hex[:8]}", clock.now()
        self.lead[operation] = forwarded.department
        common: dict[str, Any] = {
            "operation": operation, "case": command.case, "taskid": command.taskid,
        }  # fmt: skip
        grid = "410199001001001"
        return [
            dispatch.WhistleBlown(
                **common, by=facts["handler"], units=command.units, lead=forwarded.department,
                grid=grid, blown_at=now, reason=command.reason,
            ),
            joint.OperationConvened(
                **common, lead=forwarded.department, units=command.units, grid=grid,
                convened_at=now, arrive_by=now + timedelta(minutes=30),
            ),
        ]  # fmt: skip

    def _of_operation(self, forwarded: Forwarded, code: str | None) -> list[EventData]:
        command, now = forwarded.command, clock.now()
        assert isinstance(command, said.OperationCommand)
        case = "case:of-the-operation"
        if code is not None:
            return [
                joint.OperationCommandRefused(
                    operation=command.operation, command=forwarded.id,
                    department=forwarded.department, name=command.name, code=code, retry=False,
                )
            ]  # fmt: skip
        fact = {"operation": command.operation, "case": case, "unit": forwarded.department}
        make: dict[str, Callable[[], EventData]] = {
            "join": lambda: joint.UnitJoined(**fact, at=now),
            "decline": lambda: joint.UnitDeclined(
                **fact, at=now, reason=getattr(command, "reason", "no")
            ),
            "arrive": lambda: joint.UnitArrived(**fact, at=now, on_time=True),
            "sign_off": lambda: joint.UnitSignedOff(**fact, at=now),
        }
        events = [make[command.name]()]
        if command.name == "sign_off" and self.lead.get(command.operation) == forwarded.department:
            events.append(
                joint.OperationConcluded(
                    operation=command.operation, case=case, taskid="task:of-the-operation",
                    by=forwarded.department, concluded_at=now,
                )
            )  # fmt: skip
        return events
