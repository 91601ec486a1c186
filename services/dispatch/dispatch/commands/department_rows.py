"""What a department may say about its task, as rows of the state machine."""

from collections.abc import Mapping

from case_contracts.events.dispatch import ClockKind
from dispatch.domain.asking import FOR_EXTENSION, FOR_PAUSE
from dispatch.domain.returning import NOT_RULED, RETURNS
from dispatch.domain.state import Status
from dispatch.domain.step import COMPLETES, WORK, Does, Effect, Need, Step, Who, effects, text

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


def _row(
    name: str, zh: str, en: str, targets: frozenset[Status], *needs: Need,
    clocks: tuple[Effect, ...] = (),
) -> Step:  # fmt: skip
    who = frozenset({Who.DEPARTMENT})
    return Step(name, text(zh, en), WORK, targets, who, needs, clocks, code="already_done")


_ACCEPTED = frozenset({Status.ACCEPTED})
_ACCEPTS = effects(Does.STOPS, ClockKind.ACCEPT)
_ROWS = (
    _row(
        "accept", "接收", "accept the task", _ACCEPTED, _NOT_YET_ACCEPTED,
        clocks=_ACCEPTS,
    ),
    _row("heartbeat", "续租", "renew the lease", _ACCEPTED, clocks=_ACCEPTS),
    _row("progress", "报告进展", "report progress", _ACCEPTED, clocks=_ACCEPTS),
    _row(
        "return", "退回", "return the task", frozenset({Status.ASSIGNED, Status.RULING}),
        NOT_RULED, clocks=RETURNS,
    ),
    _row(
        "complete", "处理完毕", "complete the task", frozenset({Status.VERIFYING}), NO_OPERATION,
        clocks=COMPLETES,
    ),
    _row("ask_help", "吹哨", "call other departments", WORK, NO_OPERATION),
    _row("ask_pause", "申请挂账", "ask that time stands still", WORK, *FOR_PAUSE),
    _row("ask_extension", "申请延期", "ask for more time", WORK, *FOR_EXTENSION),
)  # fmt: skip
STEPS: Mapping[str, Step] = {step.name: step for step in _ROWS}
