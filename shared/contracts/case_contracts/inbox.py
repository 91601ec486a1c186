"""What a department finds in its inbox, over AMQP and, the same, over HTTP.

An item carries only what the charter lets the department see: the allowed fields are these
models' fields and no others; the reporter is never among them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from case_contracts.events.intake import Phase
from case_contracts.values import Code, ConditionCode, Instant, MatterCode, Point, Ref, Text


class _Item(BaseModel):
    """``cursor`` counts up without gaps per department; replay moves it back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Ref
    cursor: Annotated[int, Field(ge=1)]
    department: Ref
    traceparent: str | None = None


class Attachment(BaseModel):
    """Evidence that the handler may see: a reporter's photo without its traces, or what was
    attached to the case's tasks before or after the work.

    ``url`` is a path at the gateway, opened with the department's own token; ``format`` is the
    media type of what it opens; ``taken_at`` what the file says, where that is plausible.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    evidence: Ref
    phase: Phase
    format: str
    taken_at: Instant | None = None
    url: str


class TaskItem(_Item):
    """A task to accept. ``text`` and ``point`` are the reporter's words and exact place.

    ``attachments`` are those of the moment at which the item was sent; ``withheld`` is how many of
    the reporters' are not shown, because a voice or a letter tells who they are. With ``ruling``
    (裁定) an arbiter has said that the department is responsible: it cannot be returned.
    ``command_prefix`` is how command ids are derived: ``<taskid>:<assignment>:<step>``.
    """

    kind: Literal["task.assigned"] = "task.assigned"
    case: Ref
    taskid: Ref
    assignment: int
    matter: MatterCode
    condition: ConditionCode
    grid: Ref
    point: Point | None = None
    text: str | None = None
    urgent: bool = False
    rework: bool = False
    ruling: Ref | None = None
    assigned_at: Instant
    accept_by: Instant | None = None
    due_at: Instant | None = None
    closing: Text
    evidence: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    withheld: Annotated[int, Field(ge=0)] = 0


class WithdrawnItem(_Item):
    """A task is no longer this department's: stop, nothing more will be accepted."""

    kind: Literal["task.withdrawn"] = "task.withdrawn"
    case: Ref
    taskid: Ref
    assignment: int
    reason: str


class AnswerItem(_Item):
    """What became of a command: accepted, or refused with a code and whether to retry.

    ``operation`` is the one that an accepted call for help opens; ``request`` what an accepted
    ``ask_pause`` or ``ask_extension`` waits as, until a ``notice`` says how it was decided.
    """

    kind: Literal["command.answered"] = "command.answered"
    command: Ref
    name: str
    accepted: bool
    code: str | None = None
    retry: bool = False
    lease_until: Instant | None = None
    operation: Ref | None = None
    request: Ref | None = None


class InvitationItem(_Item):
    """The department is called to an operation, as its lead or to support it."""

    kind: Literal["operation.invited"] = "operation.invited"
    operation: Ref
    case: Ref
    grid: Ref
    lead: Ref
    units: tuple[Ref, ...] = ()
    arrive_by: Instant


class OperationProgressItem(_Item):
    """Told to the lead: what a called unit has done (joined, declined, arrived, signed_off)."""

    kind: Literal["operation.progressed"] = "operation.progressed"
    operation: Ref
    case: Ref
    unit: Ref
    step: str


class OperationConcludedItem(_Item):
    """Told to every unit: the lead has signed off, nothing more is to be done."""

    kind: Literal["operation.concluded"] = "operation.concluded"
    operation: Ref
    case: Ref


class NoticeItem(_Item):
    """What a department must know of its case, besides the task itself.

    ``what``: ``slip``, a supervision slip (督办单) to be answered by ``answer_by``; ``pressed``
    (督办); ``paused`` (挂账), to ``until`` at the latest; ``resumed`` and ``extended`` (延期) with
    the new ``due_at``; ``relief_refused``. A later version may have others.
    """

    kind: Literal["notice"] = "notice"
    what: Code
    case: Ref
    at: Instant
    reason: Code | None = None
    slip: Ref | None = None
    colour: Code | None = None
    answer_by: Instant | None = None
    request: Ref | None = None
    until: Instant | None = None
    due_at: Instant | None = None


InboxItem = (
    TaskItem
    | WithdrawnItem
    | AnswerItem
    | InvitationItem
    | OperationProgressItem
    | OperationConcludedItem
    | NoticeItem
)
INBOX_ITEM: TypeAdapter[InboxItem] = TypeAdapter(Annotated[InboxItem, Field(discriminator="kind")])

_CASE = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11"
_TASK = "task:6f0b1c52-97e7-5b8f-8d0b-d2a9b3c4d5e6"
_EVIDENCE = "evidence:3f6a1f5e-6c0e-5b8e-8d0f-1d2c3b4a5f60"
_HEAD = {"id": "item:urban-management:1", "cursor": 1, "department": "urban-management"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "task.assigned": {
        **_HEAD,
        "kind": "task.assigned",
        "case": _CASE,
        "taskid": _TASK,
        "assignment": 1,
        "matter": "part/utilities/manhole-cover",
        "condition": "missing",
        "grid": "410199001001001",
        "point": {"lon": 113.60512, "lat": 34.70533},
        "text": "井盖没了",
        "urgent": True,
        "assigned_at": "2026-01-05T09:12:30+08:00",
        "accept_by": "2026-01-05T09:42:30+08:00",
        "due_at": "2026-01-05T11:12:30+08:00",
        "closing": {"zh": "井盖复位", "en": "Cover in place"},
        "evidence": ["photo-after"],
        "attachments": [
            {
                "evidence": _EVIDENCE,
                "phase": "report",
                "format": "image/jpeg",
                "taken_at": "2026-01-05T09:05:00+08:00",
                "url": f"/departments/urban-management/tasks/{_TASK}/evidence/{_EVIDENCE}",
            }
        ],
        "withheld": 1,
    },
    "task.withdrawn": {
        **_HEAD,
        "kind": "task.withdrawn",
        "case": _CASE,
        "taskid": _TASK,
        "assignment": 1,
        "reason": "charter_revoked",
    },
    "command.answered": {
        **_HEAD,
        "kind": "command.answered",
        "command": "6f0b1c52:1:complete",
        "name": "complete",
        "accepted": False,
        "code": "assignment_is_over",
        "retry": False,
    },
    "operation.invited": {
        **_HEAD,
        "kind": "operation.invited",
        "operation": "operation:1a2b",
        "case": _CASE,
        "grid": "410199001001001",
        "lead": "urban-management",
        "units": ["market-regulation"],
        "arrive_by": "2026-01-05T09:50:00+08:00",
    },
    "operation.progressed": {
        **_HEAD,
        "kind": "operation.progressed",
        "operation": "operation:1a2b",
        "case": _CASE,
        "unit": "market-regulation",
        "step": "arrived",
    },
    "operation.concluded": {
        **_HEAD,
        "kind": "operation.concluded",
        "operation": "operation:1a2b",
        "case": _CASE,
    },
    "notice": {
        **_HEAD,
        "kind": "notice",
        "what": "slip",
        "case": _CASE,
        "at": "2026-01-05T11:12:30+08:00",
        "reason": "overdue",
        "slip": "slip:1",
        "colour": "yellow",
        "answer_by": "2026-01-06T11:12:30+08:00",
    },
}
