"""A report belongs to another case than before: its reporter goes along, and is told so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from case_contracts.events.notification import SubscriptionCancelled, SubscriptionCreated
from notification.domain.evolve import evolve
from notification.domain.state import CHANNELS, CaseNotices
from notification.domain.telling import tell
from notification.domain.world import World
from service_kit.errors import NotYet
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class JoinCase:
    """``kind``: linked to the case of others, or unlinked into one of its own. ``recorded_at``:
    when intake wrote it down."""

    report: str
    kind: Literal["linked", "unlinked"]
    reachable: tuple[str, ...]
    language: str
    recorded_at: datetime


@dataclass(frozen=True)
class LeaveCase:
    """``reason`` is a code."""

    report: str
    reason: str


def join(state: CaseNotices, command: JoinCase, context: Context) -> Decision:
    """Every reporter of a case hears of it, whoever reported it first (domain rule 3)."""
    world = context.world
    assert isinstance(world, World)
    if any(s.report == command.report and not s.left for s in state.subscribers):
        return []
    subscribed = SubscriptionCreated(
        report=command.report,
        case=state.case,
        channels=tuple(c for c in CHANNELS if c in command.reachable),
        language="en" if command.language == "en" else "zh",
    )
    if command.recorded_at < world.since:
        return [subscribed]
    subscriber = evolve(state, subscribed).subscribers[-1]
    return [subscribed, *tell(state, subscriber, command.kind, context.now, email=world.email)]


def leave(state: CaseNotices, command: LeaveCase, context: Context) -> Decision:
    """Raises NotYet while it has not been heard that the report belongs to this case."""
    known = next((s for s in state.subscribers if s.report == command.report), None)
    if known is None:
        raise NotYet(f"{command.report} has not come to {state.case} here yet")
    if known.left:
        return []
    return [
        SubscriptionCancelled(
            report=command.report,
            case=state.case,
            reason=command.reason,
            cancelled_at=context.now,
        )
    ]
