"""What is done with evidence."""

from intake.commands.evidence.attach import AttachEvidence, attach_evidence
from intake.commands.evidence.remove import RemoveEvidence, remove_evidence

EVIDENCE = {AttachEvidence: attach_evidence, RemoveEvidence: remove_evidence}

__all__ = ["EVIDENCE"]
