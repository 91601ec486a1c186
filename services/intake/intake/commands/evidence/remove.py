"""Remove evidence that should not be there (a bystander's face, another matter)."""

from dataclasses import dataclass

from case_contracts.events.intake import EvidenceRemoved
from intake.domain.evidence.state import EvidenceState
from service_kit.errors import NotFound
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class RemoveEvidence:
    reason: str
    by: str


def remove_evidence(state: EvidenceState, command: RemoveEvidence, context: Context) -> Decision:
    """``evidence.removed``, once; raises NotFound where there is none."""
    attached = state.attached
    if attached is None:
        raise NotFound("no such evidence")
    if state.removed_at is not None:
        return []
    return [
        EvidenceRemoved(
            evidence=state.evidence,
            case=attached.case,
            report=attached.report,
            taskid=attached.taskid,
            reason=command.reason,
            by=command.by,
            removed_at=context.now,
        )
    ]
