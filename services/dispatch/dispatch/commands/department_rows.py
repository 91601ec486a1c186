"""What a department may say about its task, as rows of the state machine."""

from collections.abc import Mapping

from dispatch.domain.state import Status
from dispatch.domain.step import (
    ASSIGNS,
    COMPLETES,
    REVOKES,
    WORK,
    Effect,
    Need,
    Step,
    Who,
    text,
)

NO_OPERATION = Need(
    "operation_open",
    text("联合行动尚未结束", "an operation is under way"),
    lambda state, _, __: state.operation is None,
)
_NOT_YET_ACCEPTED = Need(
    "already_accepted",
    text("任务已接收", "the task is accepted already"),
    lambda state, _, __: state.status != Status.ACCEPTED,
)
_NOT_RETURNED = Need(
    "returned_before",
    text("任务已退回过一次", "it has been returned once already"),
    lambda state, _, __: not state.returned_by,
)


def _row(
    name: str, zh: str, en: str, targets: frozenset[Status], *needs: Need,
    clocks: tuple[Effect, ...] = (),
) -> Step:  # fmt: skip
    who = frozenset({Who.DEPARTMENT})
    return Step(name, text(zh, en), WORK, targets, who, needs, clocks, code="already_done")


_ACCEPTED, _ASSIGNED = frozenset({Status.ACCEPTED}), frozenset({Status.ASSIGNED})
_ROWS = (
    _row("accept", "接收", "accept the task", _ACCEPTED, _NOT_YET_ACCEPTED),
    _row("heartbeat", "续租", "renew the lease", _ACCEPTED),
    _row("progress", "报告进展", "report progress", _ACCEPTED),
    _row(
        "return", "退回", "return the task", _ASSIGNED, _NOT_RETURNED,
        clocks=(*REVOKES, *ASSIGNS),
    ),
    _row(
        "complete", "处理完毕", "complete the task", frozenset({Status.VERIFYING}), NO_OPERATION,
        clocks=COMPLETES,
    ),
    _row("ask_help", "吹哨", "call other departments", WORK, NO_OPERATION),
)  # fmt: skip
STEPS: Mapping[str, Step] = {step.name: step for step in _ROWS}
