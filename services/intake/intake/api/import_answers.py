"""What is told of imports: how far they are, and what is wrong with which line."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from case_contracts.events.intake import ImportKind, Rejection
from case_contracts.values import Text
from intake.adapters.import_store import Job, Status
from intake.domain.import_lines import FLAWS, Flaw
from intake.domain.labels import REJECTIONS

EXAMPLE_JOB: dict[str, Any] = {
    "job": "import:3d0c2a5e-1f7b-5b39-8a40-7c0d6c1f2b11",
    "kind": "live",
    "dry_run": False,
    "status": "running",
    "by": "p-000009",
    "lines": 10000,
    "read": 4200,
    "opened": 4010,
    "linked": 40,
    "waiting": 20,
    "rejected": 10,
    "repeated": 0,
    "bad": 120,
    "percent": 42.0,
    "lines_per_second": 310.5,
    "seconds_left": 18.7,
    "begun_at": "2026-01-05T09:12:00+08:00",
    "finished_at": None,
    "cancelled_by": None,
}


class JobOut(BaseModel):
    """An import. ``opened`` lines opened a case, ``linked`` ones were linked to one that is open
    already, ``waiting`` ones wait for a reviewer, ``rejected`` ones open none, ``repeated`` ones
    had been imported before by another import, ``bad`` ones were not taken: of these and of the
    rejected, ``problems`` tells. With ``dry_run`` nothing is stored: the figures are what would
    be."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE_JOB]})

    job: str
    kind: ImportKind
    dry_run: bool
    status: Status
    by: str
    lines: int
    read: int
    opened: int
    linked: int
    waiting: int
    rejected: int
    repeated: int
    bad: int
    percent: float
    lines_per_second: float | None
    seconds_left: float | None
    begun_at: datetime
    finished_at: datetime | None
    cancelled_by: str | None

    @classmethod
    def of(cls, job: Job) -> "JobOut":
        """What outsiders see of a job."""
        progress = job.progress
        ended = job.status in (Status.DONE, Status.CANCELLED)
        return cls(
            job=job.id,
            kind=job.kind,
            dry_run=job.dry_run,
            status=job.status,
            by=job.caller.id,
            lines=progress.lines,
            **vars(progress.counts),
            percent=progress.percent if job.status is not Status.UPLOADING else 0.0,
            lines_per_second=progress.lines_per_second,
            seconds_left=0.0 if ended else progress.seconds_left,
            begun_at=job.begun_at,
            finished_at=job.finished_at,
            cancelled_by=job.cancelled_by,
        )


class Jobs(BaseModel):
    """Imports, the newest first; ``next`` is ``after`` of the next page, null on the last."""

    imports: list[JobOut]
    next: str | None


class ProblemOut(BaseModel):
    """What is wrong with a line: never what stands there, since that may be somebody's words."""

    line: int
    fate: Literal["bad", "rejected"]
    ref: str | None
    field: str | None
    reason: Flaw | Rejection
    message: Text

    @classmethod
    def of(cls, row: list[Any]) -> "ProblemOut":
        """From its stored row."""
        number, fate, ref, field, reason = row
        flaw = Flaw(reason) if fate == "bad" else Rejection(reason)
        message = FLAWS[flaw] if isinstance(flaw, Flaw) else REJECTIONS[flaw]
        return cls(line=number, fate=fate, ref=ref, field=field, reason=flaw, message=message)


class Problems(BaseModel):
    """In the file's order; ``next`` is ``after`` of the next page, null when no more are known."""

    problems: list[ProblemOut]
    next: str | None


CSV_HEADER = ("line", "fate", "ref", "field", "reason", "zh", "en")
BOM = "\ufeff"
"""Without it, spreadsheets take UTF-8 for something else."""


def csv_rows(problems: Iterable[ProblemOut], *, first: bool) -> str:
    """A part of the CSV file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if first:
        out.write(BOM)
        writer.writerow(CSV_HEADER)
    for each in problems:
        said = (each.message.zh, each.message.en)
        writer.writerow([each.line, each.fate, each.ref, each.field, each.reason.value, *said])
    return out.getvalue()
