"""Two alike reports came at the same moment and both opened a case: a person is asked later."""

from dataclasses import dataclass

from intake.domain.duplicates import Near, proposed
from intake.domain.report import ReportState
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class ProposeLink:
    near: Near


def propose_link(state: ReportState, command: ProposeLink, context: Context) -> Decision:
    """``link.proposed``, unless it was proposed, linked, declined or withdrawn meanwhile."""
    said = state.said
    settled = (
        said is None
        or state.link is not None
        or state.proposal is not None
        or state.withdrawn_at is not None
        or state.rejected is not None
        or command.near.case in (state.case, *state.declined)
    )
    return [] if said is None or settled else [proposed(said, command.near, context)]
