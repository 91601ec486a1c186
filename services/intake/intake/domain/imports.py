"""An Import: who brought a file of reports, and what became of its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import ImportFinished, ImportKind, ImportOutcome, ImportStarted
from intake.domain.deciding import Deciding


@dataclass(frozen=True)
class Counts:
    """What became of the lines read so far."""

    read: int = 0
    opened: int = 0
    linked: int = 0
    waiting: int = 0
    rejected: int = 0
    repeated: int = 0
    bad: int = 0


@dataclass(frozen=True)
class Progress:
    """How far an import is. ``seconds``: real ones, spent on the lines read."""

    lines: int
    counts: Counts = field(default_factory=Counts)
    seconds: float = 0.0

    @property
    def percent(self) -> float:
        return round(100 * self.counts.read / self.lines, 1) if self.lines else 100.0

    @property
    def lines_per_second(self) -> float | None:
        """None until some were read."""
        return round(self.counts.read / self.seconds, 1) if self.seconds > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """For the lines that are left, if they go on as those before; None until some were read."""
        if not self.counts.read:
            return None
        left = self.lines - self.counts.read
        return round(left * self.seconds / self.counts.read, 1)


class ImportState(BaseModel):
    """As committed: empty until it has begun, ``outcome`` None until it has ended."""

    model_config = ConfigDict(frozen=True)

    job: str
    kind: ImportKind | None = None
    by: str = ""
    lines: int = 0
    started_at: datetime | None = None
    outcome: ImportOutcome | None = None
    cancelled_by: str | None = None
    finished_at: datetime | None = None


class ImportAggregate(Deciding[ImportState]):
    """Starts once and ends once. What its lines said are reports of their own."""

    kind, schema, state = "import", 1, ImportState

    def initial(self, aggregate: str) -> ImportState:
        return ImportState(job=aggregate)

    def evolve(self, state: ImportState, event: EventData) -> ImportState:
        if isinstance(event, ImportStarted):
            return state.model_copy(
                update={
                    "kind": event.kind,
                    "by": event.by,
                    "lines": event.lines,
                    "started_at": event.started_at,
                }
            )
        assert isinstance(event, ImportFinished)
        return state.model_copy(
            update={
                "outcome": event.outcome,
                "cancelled_by": event.cancelled_by,
                "finished_at": event.finished_at,
            }
        )

    def fields(self, state: ImportState) -> Mapping[str, Any]:
        return {}
