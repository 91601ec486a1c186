"""Attach evidence that was checked, cleaned and stored."""

from dataclasses import dataclass

from case_contracts.events.intake import EvidenceAttached, EvidenceKind, Phase, Resemblance
from intake.domain.evidence.state import EvidenceState
from intake.domain.evidence.taken import taken_at
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class AttachEvidence:
    """``taken`` is the file's own time as it says it; ``zone`` the district's."""

    report: str | None
    case: str | None
    taskid: str | None
    phase: Phase
    kind: EvidenceKind
    format: str
    size: int
    digest: str
    fingerprint: str | None
    same_as: tuple[Resemblance, ...]
    public: bool
    by: str | None
    taken: str | None
    zone: str


def attach_evidence(state: EvidenceState, command: AttachEvidence, context: Context) -> Decision:
    """``evidence.attached``, once."""
    if state.attached is not None:
        return []
    return [
        EvidenceAttached(
            evidence=state.evidence,
            case=command.case,
            report=command.report,
            taskid=command.taskid,
            phase=command.phase,
            kind=command.kind,
            format=command.format,
            size=command.size,
            digest=command.digest,
            fingerprint=command.fingerprint,
            same_as=command.same_as,
            public=command.public,
            by=command.by,
            attached_at=context.now,
            taken_at=taken_at(command.taken, command.zone, context.now),
        )
    ]
