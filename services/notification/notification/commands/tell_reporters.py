"""Something happened to the case: everybody who reported it is told."""

from dataclasses import dataclass

from case_contracts.events.base import EventData
from notification.domain.state import CaseNotices, Kind, Subscriber
from notification.domain.telling import tell
from notification.domain.world import World
from service_kit.errors import NotYet
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class TellReporters:
    """``report``: only this one's reporter; all of the case's without it."""

    kind: Kind
    report: str | None = None


def decide(state: CaseNotices, command: TellReporters, context: Context) -> Decision:
    """Raises NotYet while the report itself has not arrived."""
    world = context.world
    assert isinstance(world, World)
    told: list[EventData] = []
    for subscriber in _concerned(state, command):
        if not _stale(state, subscriber, command.kind):
            told += tell(state, subscriber, command.kind, context.now, email=world.email)
    return told


def _concerned(state: CaseNotices, command: TellReporters) -> list[Subscriber]:
    found = [s for s in state.subscribers if command.report in (None, s.report)]
    if not found:
        raise NotYet(f"no report of {state.case} has arrived here yet")
    return [s for s in found if not s.left]


def _stale(state: CaseNotices, subscriber: Subscriber, kind: Kind) -> bool:
    """Who was told of the closing need not hear that somebody is at work: news come in any
    order. Of an assignment one hears once."""
    if kind != "assigned":
        return False
    return bool(state.of(subscriber.report, "closed") or state.of(subscriber.report, "assigned"))
