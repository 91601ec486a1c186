"""What is done with evidence."""

from typing import Any

from intake.commands.evidence.attach import AttachEvidence, attach_evidence
from intake.commands.evidence.remove import RemoveEvidence, remove_evidence
from intake.domain.deciding import Decide
from intake.domain.evidence.state import EvidenceState

EVIDENCE: dict[type[Any], Decide[EvidenceState]] = {
    AttachEvidence: attach_evidence,
    RemoveEvidence: remove_evidence,
}

__all__ = ["EVIDENCE"]
