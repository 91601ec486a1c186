"""A reporter rates the result: who says that it is not solved wishes the case opened again."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.commands import reopen
from dispatch.domain.state import CaseState, Status
from service_kit.errors import NotYet
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class HearRating:
    report: str
    solved: bool
    rated_at: datetime


def decide(state: CaseState, command: HearRating, context: Context) -> Decision:
    """Raises NotYet while the case has not arrived."""
    if state.status == Status.UNKNOWN:
        raise NotYet(f"case {state.case} has not arrived")
    if command.solved:
        return []
    wish = reopen.Reopen(command.report, command.rated_at, "dissent")
    return reopen.decide(state, wish, context)
