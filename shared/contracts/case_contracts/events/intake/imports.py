"""Bulk imports: who brought so many reports at once, and what became of them."""

from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.intake.common import EXAMPLE_AT
from case_contracts.values import Instant, Ref

EXAMPLE_IMPORT = "import:3d0c2a5e-1f7b-5b39-8a40-7c0d6c1f2b11"
Count = Annotated[int, Field(ge=0)]


class ImportKind(StrEnum):
    """``live`` lines are reports that open cases now; ``history`` is a city's past as recorded."""

    LIVE = "live"
    HISTORY = "history"


class ImportOutcome(StrEnum):
    """How an import ended."""

    DONE = "done"
    CANCELLED = "cancelled"


@event("import.started", owner="intake", aggregate="import")
class ImportStarted(EventData):
    """Somebody (``by``) brought a file of reports, and its lines are being taken. Each report's
    commit names the import as its purpose."""

    job: Ref
    kind: ImportKind
    lines: Count
    by: Ref
    started_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "job": EXAMPLE_IMPORT,
        "kind": "live",
        "lines": 10000,
        "by": "p-000009",
        "started_at": EXAMPLE_AT,
    }


@event("import.finished", owner="intake", aggregate="import")
class ImportFinished(EventData):
    """An import is over. Of ``lines``, so many opened a case, were linked to an open one, wait for
    a reviewer, were rejected, had been imported before, or were bad; where it was cancelled (by
    ``cancelled_by``) the rest was not looked at."""

    job: Ref
    kind: ImportKind
    outcome: ImportOutcome
    lines: Count
    opened: Count
    linked: Count
    waiting: Count
    rejected: Count
    repeated: Count
    bad: Count
    by: Ref
    cancelled_by: Ref | None = None
    finished_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "job": EXAMPLE_IMPORT,
        "kind": "live",
        "outcome": "done",
        "lines": 10000,
        "opened": 9500,
        "linked": 100,
        "waiting": 60,
        "rejected": 40,
        "repeated": 0,
        "bad": 300,
        "by": "p-000009",
        "cancelled_by": None,
        "finished_at": "2026-01-05T09:20:00+08:00",
    }
