"""A report was received: its reporter subscribes to the case, and is told so."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import ReportReceived
from case_contracts.events.notification import SubscriptionCreated
from notification.domain.evolve import evolve
from notification.domain.state import CHANNELS, CaseNotices
from notification.domain.telling import tell
from notification.domain.world import World
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class HearReport:
    """``recorded_at``: when intake wrote it down."""

    report: ReportReceived
    recorded_at: datetime


def decide(state: CaseNotices, command: HearReport, context: Context) -> Decision:
    """Old reports subscribe too, so that their reporters hear of what happens from now on."""
    said, world = command.report, context.world
    assert isinstance(world, World)
    if any(s.report == said.report for s in state.subscribers):
        return []
    recorded = said.recorded is not None
    subscribed = SubscriptionCreated(
        report=said.report,
        case=said.case,
        channels=() if recorded else tuple(c for c in CHANNELS if c in said.reachable),
        language="en" if said.language == "en" else "zh",
        recorded=recorded,
    )
    if command.recorded_at < world.since:
        return [subscribed]
    subscriber = evolve(state, subscribed).subscribers[-1]
    return [subscribed, *tell(state, subscriber, "received", context.now, email=world.email)]
