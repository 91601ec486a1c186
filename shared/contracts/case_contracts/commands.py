"""Commands that departments may send, and what dispatch and joint answer to them.

On the wire a command is a JSON object; ``id`` is chosen by the sender and deduplicated for
ever. Which department sends it is taken from the connection or token, never from the body.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from case_contracts.values import Instant, Limit, Ref


class _Command(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[Ref, Field(max_length=100)]
    sent_at: Instant | None = None
    traceparent: str | None = None


class _TaskCommand(_Command):
    case: Ref
    taskid: Ref
    assignment: Annotated[int, Field(ge=1)]


class Accept(_TaskCommand):
    """The department takes the task under a lease."""

    name: Literal["accept"] = "accept"


class Heartbeat(_TaskCommand):
    """Still at it: renews the lease."""

    name: Literal["heartbeat"] = "heartbeat"


class Progress(_TaskCommand):
    """A step of the work, named by the department; renews the lease."""

    name: Literal["progress"] = "progress"
    step: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")]


class Return(_TaskCommand):
    """Not ours: gives the task back, once, with a reason code and a proposed owner."""

    name: Literal["return"] = "return"
    reason: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")]
    proposed: Ref | None = None


class Complete(_TaskCommand):
    """The work is done; ``evidence`` refers to what shows it."""

    name: Literal["complete"] = "complete"
    evidence: Annotated[tuple[Ref, ...], Field(max_length=20)] = ()


class AskHelp(_TaskCommand):
    """Blow the whistle: call other departments to the case."""

    name: Literal["ask_help"] = "ask_help"
    units: Annotated[tuple[Ref, ...], Field(min_length=1, max_length=20)]
    reason: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")]


class AskPause(_TaskCommand):
    """Let time stand still, for this reason, until then at the latest (挂账)."""

    name: Literal["ask_pause"] = "ask_pause"
    reason: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")]
    until: Instant


class AskExtension(_TaskCommand):
    """Give this much more time, for this reason (延期)."""

    name: Literal["ask_extension"] = "ask_extension"
    reason: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")]
    limit: Limit


class _OperationCommand(_Command):
    operation: Ref


class Join(_OperationCommand):
    """The called department comes."""

    name: Literal["join"] = "join"


class Decline(_OperationCommand):
    """The called department does not come, and why."""

    name: Literal["decline"] = "decline"
    reason: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_-]+$")]


class Arrive(_OperationCommand):
    """The unit is on the spot."""

    name: Literal["arrive"] = "arrive"


class SignOff(_OperationCommand):
    """The unit has done its part; from the lead it concludes the operation."""

    name: Literal["sign_off"] = "sign_off"


TaskCommand = Accept | Heartbeat | Progress | Return | Complete | AskHelp | AskPause | AskExtension
OperationCommand = Join | Decline | Arrive | SignOff
Command = TaskCommand | OperationCommand

COMMAND: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="name")])
TASK_COMMANDS = (
    "accept", "heartbeat", "progress", "return", "complete", "ask_help", "ask_pause",
    "ask_extension",
)  # fmt: skip
OPERATION_COMMANDS = ("join", "decline", "arrive", "sign_off")


class Forwarded(BaseModel):
    """A command as the gateway hands it on: with the department the broker vouches for.

    ``id`` is derived from (department, command id), so that two departments cannot clash.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Ref
    department: Ref
    district: Ref
    received_at: Instant
    traceparent: str | None = None
    command: Annotated[Command, Field(discriminator="name")]


_ABOUT_TASKS: dict[str, dict[str, Any]] = {
    "accept": {},
    "heartbeat": {},
    "progress": {"step": "on-site"},
    "return": {"reason": "not_ours", "proposed": "water-affairs"},
    "complete": {"evidence": ["evidence:1"]},
    "ask_help": {"units": ["market-regulation"], "reason": "needs_other_powers"},
    "ask_pause": {"reason": "needs_approval", "until": "2026-01-07T11:12:30+08:00"},
    "ask_extension": {
        "reason": "parts_ordered",
        "limit": {"amount": 8, "unit": "working_hours"},
    },
}
_ABOUT_OPERATIONS: dict[str, dict[str, Any]] = {
    "join": {},
    "decline": {"reason": "no_power"},
    "arrive": {},
    "sign_off": {},
}

EXAMPLES: dict[str, dict[str, Any]] = {
    name: {
        "id": f"6f0b1c52:1:{name}",
        "name": name,
        "case": "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11",
        "taskid": "task:6f0b1c52-97e7-5b8f-8d0b-d2a9b3c4d5e6",
        "assignment": 1,
        **extra,
    }
    for name, extra in _ABOUT_TASKS.items()
} | {
    name: {"id": f"op:{name}", "name": name, "operation": "operation:1a2b", **extra}
    for name, extra in _ABOUT_OPERATIONS.items()
}
