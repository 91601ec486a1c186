"""Take a report: what was said becomes a fact, and at once it is filed, rejected, linked to a
case that is there already, or waits for a reviewer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.intake import (
    Channel,
    Filing,
    Recorded,
    Rejection,
    ReportReceived,
    ReportRejected,
    Said,
    TriageRequested,
    Unclear,
)
from case_contracts.values import About, Point, Text
from intake.domain.duplicates import Near, linked_by_rule, proposed
from intake.domain.filing import Claim, Verdict, file_claim
from intake.domain.report import ReportState
from intake.domain.rules import Rules
from intake.domain.world import World
from service_kit.store.model import Context, Decision, Occurred


@dataclass(frozen=True)
class ReceiveReport:
    """``point`` is exact and stays here: the events carry it coarsened.

    ``receiver`` took it and answers for it first; ``origin`` is the visit, campaign, sensor or
    import that it came from. ``review``: the receiver wants a reviewer to decide, whatever the
    rules say. ``recorded`` makes it history: its events occurred when it was reported.
    ``near`` is an open case that it may belong to.
    """

    case: str
    channel: Channel
    matter: str
    condition: str | None
    point: Point | None
    reported_at: datetime | None
    about: About | None
    reporter: str | None
    by: str | None
    reachable: tuple[str, ...]
    language: str
    recorded: Recorded | None = None
    receiver: str | None = None
    origin: str | None = None
    review: bool = False
    near: Near | None = None


def receive_report(state: ReportState, command: ReceiveReport, context: Context) -> Decision:
    """``report.received``; with it ``report.rejected`` or ``triage.requested`` where it opens no
    case, or none yet; ``report.linked`` where it belongs to another's, ``link.proposed`` where it
    may."""
    if state.case:
        return []
    at = command.reported_at or context.now
    verdict = _verdict(command, at, context.world)
    receiver = first_receiver(command, context.world, context.now)
    received = _received(state.report, command, at, verdict, receiver)
    own = command.about is not None or command.recorded is not None
    if command.near is not None and received.filing is not None and not own:
        events = _beside(received, command.near, context)
    else:
        events = [received, *judged(received, verdict, context)]
    return [Occurred(event, at) for event in events] if command.recorded else events


def foresee(commands: Sequence[Any], world: World) -> World:
    """The world in which the places of these reports are looked up: together they take a third of
    what they take one by one."""
    points = [c.point for c in commands if isinstance(c, ReceiveReport) and c.point is not None]
    if not points:
        return world
    return replace(world, grids=world.grids.looked_up((p.lon, p.lat) for p in points))


def first_receiver(command: ReceiveReport, world: World, at: datetime) -> str | None:
    """Who answers for it first (首接负责): who took it, or the desk for what comes by itself.

    Never whom it complains of, nor those under them; nobody where it is history, that others
    have long answered for.
    """
    if command.recorded:
        return None
    conflict = world.conflict(command.about, at)
    asked = [who for who in (command.receiver, world.rules.desk) if who]
    return next((who for who in asked if conflict.person_is_free(world.holder(who, at))), None)


def _verdict(command: ReceiveReport, at: datetime, world: World) -> Verdict:
    """What the rules say. Nobody reviews the past: there, what is unclear opens no case."""
    claim = Claim(command.matter, command.condition, command.point, at)
    verdict = file_claim(claim, world)
    if isinstance(verdict, Unclear) and command.recorded:
        return _PAST[verdict]
    if isinstance(verdict, Filing) and command.review and not command.recorded:
        return Unclear.ASKED_BY_RECEIVER
    return verdict


_PAST = {
    Unclear.MATTER_NOT_SAID: Rejection.NOT_IN_STANDARD,
    Unclear.CONDITION_NOT_SAID: Rejection.CONDITION_NEEDED,
}


def _received(
    report: str, command: ReceiveReport, at: datetime, verdict: Verdict, receiver: str | None
) -> ReportReceived:
    return ReportReceived(
        report=report,
        case=command.case,
        channel=command.channel,
        matter=command.matter,
        condition=command.condition,
        point=command.point.coarse() if command.point else None,
        reported_at=at,
        about=command.about,
        reporter=command.reporter,
        by=command.by,
        receiver=receiver,
        origin=command.origin,
        reachable=command.reachable,
        language=command.language,
        recorded=command.recorded,
        filing=verdict if isinstance(verdict, Filing) else None,
    )


def _beside(received: ReportReceived, near: Near, context: Context) -> list[EventData]:
    """Linked by the district's rule it opens no case of its own; proposed, it does."""
    if near.certain:
        unfiled = received.model_copy(update={"filing": None})
        return [unfiled, linked_by_rule(unfiled, near, context)]
    return [received, proposed(received, near, context)]


def judged(received: Said, verdict: Verdict, context: Context) -> list[EventData]:
    """What the rules' word comes to besides what was said; nothing where it opens a case."""
    rules: Rules = context.world.rules
    if isinstance(verdict, Rejection):
        return [rejected(received, verdict, rules.turn_to(verdict, received.matter))]
    if isinstance(verdict, Filing):
        return []
    return [
        TriageRequested(
            report=received.report,
            case=received.case,
            reason=verdict,
            receiver=received.receiver,
            requested_at=context.now,
            due_at=context.now + rules.triage_time,
        )
    ]


def rejected(
    said: Said, reason: Rejection, turn_to: Text | None, by: str | None = None
) -> ReportRejected:
    """The report opens no case, by rule or by a reviewer's word (``by``)."""
    return ReportRejected(
        report=said.report,
        case=said.case,
        reason=reason,
        matter=said.matter,
        reachable=said.reachable,
        language=said.language,
        turn_to=turn_to,
        by=by,
    )
