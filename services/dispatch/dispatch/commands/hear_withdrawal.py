"""The last reporter of a case has withdrawn: it ends where nobody has begun to work on it."""

from dataclasses import dataclass

from case_contracts.events import dispatch as events
from dispatch.commands import void_case
from dispatch.domain.state import CaseState, Status
from dispatch.domain.step import ENDS, OPEN, Step, Who, text
from dispatch.domain.steps import condition_of
from dispatch.domain.world import World
from service_kit.store import Context, Decision

WITHDREW = "reporter_withdrew"


@dataclass(frozen=True)
class HearWithdrawal:
    """No other report stands behind the case."""

    report: str


_REPORTER = frozenset({Who.REPORTER})
STEPS = (
    Step(
        "withdraw",
        text("最后一位上报人撤回", "the last reporter withdraws"),
        OPEN,
        frozenset({Status.VOIDED}),
        _REPORTER,
        clocks=ENDS,
        quiet=True,
    ),
    Step(
        "withdraw_in_vain",
        text("撤回但案件继续", "withdrawn, and the case goes on"),
        OPEN,
        OPEN,
        _REPORTER,
        quiet=True,
    ),
)


def decide(state: CaseState, command: HearWithdrawal, context: Context) -> Decision:
    """``case.voided``, or ``withdrawal.noted`` where the case goes on: a withdrawal says that
    somebody no longer asks, not that the danger has gone."""
    if state.recorded:
        return []
    why = goes_on(state, context.world)
    if why is None:
        return void_case.decide(state, void_case.VoidCase(WITHDREW), context)
    return [
        events.WithdrawalNoted(
            case=state.case, report=command.report, reason=why, noted_at=context.now
        )
    ]


def goes_on(state: CaseState, world: World) -> str | None:
    """Why the case goes on without a reporter; None where it does not.

    Public safety comes first: a hazard, and whatever the standard calls urgent. What staff saw
    on duty is not theirs to take back, and work that has begun is finished.
    """
    if state.matter.startswith("hazard/"):
        return "hazard"
    if condition_of(state, world).urgent:
        return "urgent"
    if state.by is not None:
        return "seen_on_duty"
    return "work_has_begun" if state.begun else None
