"""A reporter's wish to have a closed case opened again, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WishAnswer(StrEnum):
    """``referred``: a higher level decides: it has been opened again once before, or was voided."""

    WAITING = "waiting"
    REFERRED = "referred"
    REOPENED = "reopened"
    REFUSED = "refused"


@dataclass(frozen=True)
class Wish:
    """``reason`` is dispatch's code, where it was refused."""

    asked_at: datetime
    answer: WishAnswer
    reason: str | None = None
