"""What a department has in hand, folded from its inbox."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from case_contracts.inbox import (
    AnswerItem,
    InboxItem,
    InvitationItem,
    NoticeItem,
    OperationConcludedItem,
    OperationProgressItem,
    TaskItem,
    WithdrawnItem,
)

MOST_ENDED = 200
"""So many that are over are still shown; the oldest go first."""
State = Literal["waiting", "in_hand", "returned", "completed", "withdrawn"]
Part = Literal["called", "joined", "declined", "arrived", "signed_off", "concluded"]
_ENDS: dict[str, State] = {"return": "returned", "complete": "completed"}
_PARTS: dict[str, Part] = {
    "join": "joined", "decline": "declined", "arrive": "arrived", "sign_off": "signed_off",
}  # fmt: skip


@dataclass
class Held:
    """A task that came to the department. ``reason`` is why it was withdrawn; ``refused`` the code
    with which its last command was refused, None where it was accepted."""

    item: TaskItem
    state: State = "waiting"
    lease_until: datetime | None = None
    reason: str | None = None
    refused: str | None = None
    notices: list[NoticeItem] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "in_hand")


@dataclass
class Called:
    """An operation that the department was called to; ``others`` is what called units have done,
    which the lead is told."""

    item: InvitationItem
    part: Part = "called"
    refused: str | None = None
    others: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.part not in ("declined", "concluded")

    @property
    def leads(self) -> bool:
        return self.item.lead == self.item.department


class Ledger:
    """``after`` is the cursor of the last item in it. Commands have the ids ``prefix_of`` makes
    (and the SDK): what was answered to another id is nobody's here, and changes nothing.
    ``answered_slips`` were answered on these pages: an inbox does not tell."""

    def __init__(self) -> None:
        self.after = 0
        self.tasks: dict[str, Held] = {}
        self.operations: dict[str, Called] = {}
        self.answers: OrderedDict[str, AnswerItem] = OrderedDict()
        self.answered_slips: set[str] = set()

    def take(self, item: InboxItem) -> None:
        """One item; those that are in it already change nothing."""
        if item.cursor <= self.after:
            return
        self.after = item.cursor
        if isinstance(item, TaskItem):
            self.tasks[item.taskid] = Held(item, notices=self._notices(item.taskid))
        elif isinstance(item, WithdrawnItem):
            self._withdrawn(item)
        elif isinstance(item, AnswerItem):
            self._answered(item)
        elif isinstance(item, NoticeItem):
            for held in self.tasks.values():
                if held.item.case == item.case:
                    held.notices.append(item)
        else:
            self._operation(item)
        self._forget()

    def _notices(self, taskid: str) -> list[NoticeItem]:
        return self.tasks[taskid].notices if taskid in self.tasks else []

    def _withdrawn(self, item: WithdrawnItem) -> None:
        held = self.tasks.get(item.taskid)
        if held is not None and held.item.assignment <= item.assignment and held.is_open:
            held.state, held.reason, held.lease_until = "withdrawn", item.reason, None

    def _answered(self, item: AnswerItem) -> None:
        self.answers[item.command] = item
        held = next((h for h in self.tasks.values() if _is_of(item, prefix_of(h.item))), None)
        if held is not None:
            held.refused = None if item.accepted else item.code
            if item.accepted and held.is_open:
                held.state = _ENDS.get(item.name, "in_hand")
                held.lease_until = item.lease_until or held.lease_until
            return
        for called in self.operations.values():
            if _is_of(item, called.item.operation):
                called.refused = None if item.accepted else item.code
                if item.accepted and item.name in _PARTS:
                    called.part = _PARTS[item.name]

    def _operation(
        self, item: InvitationItem | OperationProgressItem | OperationConcludedItem
    ) -> None:
        if isinstance(item, InvitationItem):
            self.operations[item.operation] = Called(item)
        elif (called := self.operations.get(item.operation)) is None:
            return
        elif isinstance(item, OperationProgressItem):
            called.others[item.unit] = item.step
        else:
            called.part = "concluded"

    def _forget(self) -> None:
        ended = [key for key, held in self.tasks.items() if not held.is_open]
        for key in ended[: max(0, len(ended) - MOST_ENDED)]:
            del self.tasks[key]
        over = [key for key, called in self.operations.items() if not called.is_open]
        for key in over[: max(0, len(over) - MOST_ENDED)]:
            del self.operations[key]
        while len(self.answers) > MOST_ENDED:
            self.answers.popitem(last=False)


def prefix_of(item: TaskItem) -> str:
    """How the ids of commands about this assignment begin."""
    return f"{item.taskid}:{item.assignment}"


def _is_of(answer: AnswerItem, prefix: str) -> bool:
    return answer.command.startswith(f"{prefix}:")
