"""Events of evidence: photos, sound, films and documents (证据材料)."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import EXAMPLE_AT, EXAMPLE_CASE, EXAMPLE_REPORT
from case_contracts.values import Code, Instant, Ref

EXAMPLE_EVIDENCE = "evidence:3f6a1f5e-6c0e-5b8e-8d0f-1d2c3b4a5f60"
Fingerprint = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
"""A perceptual hash of 64 bits: the fewer bits differ, the more alike two photos look."""


class Phase(StrEnum):
    """What evidence shows: what was reported, or the work of a task before and after it."""

    REPORT = "report"
    BEFORE = "before"
    AFTER = "after"


class EvidenceKind(StrEnum):
    PHOTO = "photo"
    SOUND = "sound"
    FILM = "film"
    DOCUMENT = "document"


class Resemblance(EventData):
    """Evidence that was there before and shows the same: the same file (``exact``), or a photo
    of which ``distance`` bits of 64 of the perceptual hash differ."""

    evidence: Ref
    case: Ref | None = None
    distance: Annotated[int, Field(ge=0, le=64)]
    exact: bool


@event("evidence.attached", owner="intake", aggregate="evidence")
class EvidenceAttached(EventData):
    """Evidence was checked, cleaned and put into intake's vault.

    A reporter's belongs to their ``report`` (``case`` is the one that it stands behind then), a
    handler's to ``taskid`` of a case, before or after the work. ``digest`` is a keyed hash of the
    file as it was sent. ``same_as`` says which earlier evidence is the same photo or file again,
    in whichever case. ``public``: a copy without its place and other traces may be shown.
    ``taken_at`` is what the file says, where that is plausible.
    """

    evidence: Ref
    case: Ref | None = None
    report: Ref | None = None
    taskid: Ref | None = None
    phase: Phase
    kind: EvidenceKind
    format: Annotated[str, Field(pattern="^(image|audio|video|application)/[a-z0-9.+-]{1,60}$")]
    size: Annotated[int, Field(ge=1)]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    fingerprint: Fingerprint | None = None
    same_as: tuple[Resemblance, ...] = ()
    public: bool
    by: Ref | None = None
    attached_at: Instant
    taken_at: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "evidence": EXAMPLE_EVIDENCE,
        "case": EXAMPLE_CASE,
        "report": EXAMPLE_REPORT,
        "taskid": None,
        "phase": "report",
        "kind": "photo",
        "format": "image/jpeg",
        "size": 481_213,
        "digest": "9f2c" * 16,
        "fingerprint": "c3d1e0f09b8a6457",
        "same_as": [
            {
                "evidence": "evidence:0c7be5d2-8f0d-5a45-9d6e-2f5a1f6e9b10",
                "case": "case:0c7be5d2-8f0d-5a45-9d6e-2f5a1f6e9b10",
                "distance": 2,
                "exact": False,
            }
        ],
        "public": True,
        "by": None,
        "attached_at": EXAMPLE_AT,
        "taken_at": "2026-01-05T09:05:00+08:00",
    }


@event("evidence.removed", owner="intake", aggregate="evidence")
class EvidenceRemoved(EventData):
    """Evidence is no longer shown and its file is deleted: it should not have been there."""

    evidence: Ref
    case: Ref | None = None
    report: Ref | None = None
    taskid: Ref | None = None
    reason: Code
    by: Ref
    removed_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "evidence": EXAMPLE_EVIDENCE,
        "case": EXAMPLE_CASE,
        "report": EXAMPLE_REPORT,
        "taskid": None,
        "reason": "shows_a_bystander",
        "by": "p-000077",
        "removed_at": "2026-01-06T10:00:00+08:00",
    }
