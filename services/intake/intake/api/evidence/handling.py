"""Evidence as those who handle the case know it: what, since when, of which type. Never whose."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from case_contracts.events.intake import Phase
from case_contracts.values import Ref
from intake.adapters.evidence.cleaning.types import PUBLIC_FORMAT
from intake.domain.evidence.handling import copy_for_handlers
from intake.domain.evidence.state import EvidenceState


class AttachmentOut(BaseModel):
    """Evidence as those who handle the case know it; ``format`` is that of the copy they get."""

    evidence: Ref
    phase: Phase
    format: str
    taken_at: datetime | None


class AttachmentsOut(BaseModel):
    """The oldest first. ``withheld`` is how many of the reporters' they may not see."""

    attachments: list[AttachmentOut]
    withheld: int

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "attachments": [
                        {
                            "evidence": "evidence:3f6a1f5e-6c0e-5b8e-8d0f-1d2c3b4a5f60",
                            "phase": "report",
                            "format": "image/jpeg",
                            "taken_at": "2026-01-05T09:12:00+08:00",
                        }
                    ],
                    "withheld": 1,
                }
            ]
        }
    )


def attachments(found: Sequence[EvidenceState]) -> AttachmentsOut:
    """Of what is shown of a case, what those who handle it may see."""
    states = [state.attached for state in found if state.attached is not None]
    shown = [each for each in states if copy_for_handlers(each) is not None]
    items = [
        AttachmentOut(
            evidence=each.evidence,
            phase=each.phase,
            format=PUBLIC_FORMAT if copy_for_handlers(each) == "public" else each.format,
            taken_at=each.taken_at,
        )
        for each in shown
    ]
    return AttachmentsOut(attachments=items, withheld=len(states) - len(shown))
