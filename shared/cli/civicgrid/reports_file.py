"""Reports as a file: one JSON object a line (NDJSON, UTF-8), in the order in which they were made.

``answers.ndjson`` beside it holds what the data itself says about the same reports, for checks;
nothing of it is ever sent to a service.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from case_contracts.events.intake import Channel, Recorded
from case_contracts.values import About, ConditionCode, Instant, Point, Ref

REPORTS, ANSWERS = "reports.ndjson", "answers.ndjson"


class Contact(BaseModel):
    """How a reporter can be reached; goes to intake's vault, never into an event."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


class ReportLine(BaseModel):
    """One report. ``ref`` is unique in the file and serves as the idempotency key.

    ``matter`` is a code or what the reporter called it; ``condition``, ``point`` and
    ``contact`` are null when unknown. ``by`` is the post-holder on patrol. ``recorded`` is what
    the city's own past says, used only by an import of history.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ref: Ref
    reported_at: Instant
    channel: Channel
    matter: Annotated[str, Field(min_length=1, max_length=120)]
    condition: ConditionCode | None = None
    point: Point | None = None
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    contact: Contact | None = None
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"
    about: About | None = None
    by: Ref | None = None
    recorded: Recorded | None = None


class AnswerLine(BaseModel):
    """What the data itself says about the report ``ref``: when it was due, closed, whether in time.

    ``grids`` names the grid of a level (id) that the row itself gives, by level.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ref: Ref
    matter: str
    due_at: Instant | None = None
    closed_at: Instant | None = None
    on_time: bool | None = None
    grids: dict[str, Ref] = {}


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no report: its number (from 1) and what is wrong with it."""

    number: int
    message: str


Line = TypeVar("Line", ReportLine, AnswerLine)


def read_reports(path: Path) -> Iterator[ReportLine | BadLine]:
    """Stream the reports of a file; a bad line comes as ``BadLine`` in its place."""
    return _read(path, ReportLine)


def read_answers(path: Path) -> Iterator[AnswerLine | BadLine]:
    """Stream the answers of a file; a bad line comes as ``BadLine`` in its place."""
    return _read(path, AnswerLine)


def _read(path: Path, model: type[Line]) -> Iterator[Line | BadLine]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                yield model.model_validate_json(line)
            except ValidationError as error:
                yield BadLine(number, _said(error))


def _said(error: ValidationError) -> str:
    parts = (
        f"{'.'.join(str(step) for step in one['loc']) or 'line'}: {one['msg']}"
        for one in error.errors(include_url=False, include_context=False)
    )
    return "; ".join(parts)


def write_lines(path: Path, lines: Iterable[Line]) -> int:
    """Write reports or answers, one a line; returns how many. What is not known is left out."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(line.model_dump_json(exclude_none=True) + "\n")
            count += 1
    return count
