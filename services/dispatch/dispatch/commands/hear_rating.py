"""A reporter rates the result: who says that it is not solved wishes the case opened again."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.commands import reopen
from dispatch.domain.state import CaseState
from dispatch.domain.step import text
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class HearRating:
    report: str
    solved: bool
    rated_at: datetime


STEPS = reopen.rows("dissent", text("评价未解决", "rate it as not solved"))


def decide(state: CaseState, command: HearRating, context: Context) -> Decision:
    """Who rates it as solved wishes nothing."""
    if command.solved:
        return []
    wish = reopen.Reopen(command.report, command.rated_at, "dissent")
    return reopen.decide(state, wish, context)
