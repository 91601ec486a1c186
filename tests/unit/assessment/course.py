"""Rows of cases for tests, written like a story: ``opened``, ``assigned``, ``completed`` ..."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from assessment.domain.rows import Kind, Row

HOUR = 3600.0
START = 1767225600.0  # 2026-01-01T00:00Z
_numbers = itertools.count()


@dataclass
class Story:
    """One case; ``at`` are hours after START."""

    case: str = "case:1"
    path: str = "district street grid"
    rows: list[Row] = field(default_factory=list)
    task: str = "task:1"
    assignment: int = 0
    handler: str = "department:urban"

    def add(self, kind: str, at: float, **rest: Any) -> "Story":
        due = rest.pop("due", None)
        self.rows.append(
            Row(
                event=f"{self.case}/{kind}/{next(_numbers)}",
                kind=kind,
                sequence=len(self.rows),
                case=self.case,
                at=START + at * HOUR,
                due=None if due is None else START + due * HOUR,
                **rest,
            )
        )
        return self

    def opened(self, at: float = 0, due: float | None = None, code: str | None = None) -> "Story":
        self.add(Kind.OPENED, at, path=self.path, code=code)
        return self.add(Kind.CLOCK, at, due=due, code="case")

    def assigned(self, at: float = 0, due: float | None = None, to: str = "") -> "Story":
        self.handler = to or self.handler
        self.assignment += 1
        return self._task(Kind.ASSIGNED, at, due=due)

    def paused(self, at: float, until: float, clock: str = "handle") -> "Story":
        return self.add(Kind.PAUSED, at, due=until, code=clock)

    def moved(self, at: float, due: float | None, clock: str = "handle") -> "Story":
        return self.add(Kind.MOVED, at, due=due, code=clock)

    def _task(self, kind: str, at: float, **rest: Any) -> "Story":
        return self.add(
            kind, at, task=self.task, assignment=self.assignment, handler=self.handler, **rest
        )

    def completed(self, at: float) -> "Story":
        return self._task(Kind.COMPLETED, at)

    def returned(self, at: float) -> "Story":
        return self._task(Kind.RETURNED, at)

    def passed(self, at: float) -> "Story":
        return self.add(Kind.PASSED, at, task=self.task, handler=self.handler)

    def failed(self, at: float) -> "Story":
        return self.add(Kind.FAILED, at, task=self.task, handler=self.handler)

    def closed(self, at: float, due: float | None = None, code: str | None = None) -> "Story":
        return self.add(Kind.CLOSED, at, due=due, code=code)

    def reopened(self, at: float) -> "Story":
        return self.add(Kind.REOPENED, at)
