"""A reporter has left another way to be reached: from now on they are told by that one too."""

from dataclasses import dataclass

from case_contracts.events.notification import SubscriptionCreated
from notification.domain.state import CHANNELS, CaseNotices
from service_kit.errors import NotYet
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class ReachOtherwise:
    """All the ways there are now."""

    report: str
    reachable: tuple[str, ...]


def decide(state: CaseNotices, command: ReachOtherwise, context: Context) -> Decision:
    """``subscription.created`` with the new channels; nothing for a reporter who has left, or of
    history. Raises NotYet while the report itself has not arrived."""
    known = next((s for s in state.subscribers if s.report == command.report), None)
    if known is None:
        raise NotYet(f"{command.report} has not come to {state.case} here yet")
    channels = tuple(c for c in CHANNELS if c in command.reachable)
    if known.left or known.recorded or channels == known.channels:
        return []
    return [
        SubscriptionCreated(
            report=command.report, case=state.case, channels=channels, language=known.language
        )
    ]
