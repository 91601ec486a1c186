"""What those who handle a case see of its evidence."""

from typing import Literal

from case_contracts.events.intake import EvidenceAttached, EvidenceKind


def copy_for_handlers(attached: EvidenceAttached) -> Literal["public", "protected"] | None:
    """Which copy they may open; None where none.

    Of a reporter's only photos, without their traces: a voice or a letter tells who they are.
    What was attached to a task by those who worked on it is shown as it is kept.
    """
    if attached.report is None:
        return "protected"
    return "public" if attached.kind is EvidenceKind.PHOTO and attached.public else None
