"""What comes in and goes out."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.intake import EvidenceKind, Phase, Resemblance
from case_contracts.values import Code, Ref
from intake.adapters.evidence.cleaning.types import TAKEN
from intake.adapters.evidence.links import Copy
from intake.api.schemas import In
from intake.domain.evidence.state import EvidenceState
from intake.domain.purposes import Purpose

_EVIDENCE = "evidence:3f6a1f5e-6c0e-5b8e-8d0f-1d2c3b4a5f60"
_AT = "2026-01-05T09:12:00+08:00"
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, as it is; its name is not wanted",
        "content": {t: {"schema": {"type": "string", "format": "binary"}} for t in TAKEN},
    }
}
"""The body of an upload: read as a stream, so FastAPI cannot say it."""


class EvidenceOut(BaseModel):
    """Evidence as a reporter sees it. ``public``: there is a copy that may be shown."""

    evidence: Ref
    phase: Phase
    kind: EvidenceKind
    format: str
    size: int
    public: bool
    attached_at: datetime

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "evidence": _EVIDENCE,
                    "phase": "report",
                    "kind": "photo",
                    "format": "image/jpeg",
                    "size": 481213,
                    "public": True,
                    "attached_at": _AT,
                }
            ]
        }
    )


class EvidenceRow(EvidenceOut):
    """Evidence as staff and services see it; ``same_as`` names where it was seen before."""

    case: Ref | None
    report: Ref | None
    taskid: Ref | None
    by: Ref | None
    taken_at: datetime | None
    same_as: tuple[Resemblance, ...]


class EvidencePage(BaseModel):
    """The oldest first. ``next`` is the cursor of the next page, null on the last one."""

    items: list[EvidenceRow]
    next: Ref | None


class EvidenceLinkIn(In):
    """Which copy. A reporter says the ``receipt``, anybody else what it is for (``purpose``).
    Who asks for those that handle a case says the ``case``: which copy follows from it.

    ``seconds`` is how long the link is to open, at most what the district allows.
    """

    copy_: Annotated[Copy, Field(alias="copy")] = "public"
    receipt: Annotated[str, Field(max_length=40)] | None = None
    purpose: Purpose | None = None
    case: Ref | None = None
    seconds: Annotated[int, Field(ge=1, le=300)] | None = None

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"copy": "protected", "purpose": "verify"}]},
    )


class EvidenceLinkOut(BaseModel):
    """``url`` is a path of this service; it opens that copy until then, for whoever has it."""

    url: str
    expires_at: datetime


class RemovalIn(In):
    """Why it should not have been there."""

    reason: Code

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "shows_a_bystander"}]})


def row(state: EvidenceState) -> EvidenceRow:
    return EvidenceRow.model_validate(_known(state), extra="ignore")


def out(state: EvidenceState) -> EvidenceOut:
    return EvidenceOut.model_validate(_known(state), extra="ignore")


def _known(state: EvidenceState) -> dict[str, Any]:
    assert state.attached is not None
    return state.attached.model_dump()
