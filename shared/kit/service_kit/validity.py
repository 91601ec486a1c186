"""Effective dating: what was decided for ``[start, end)``, and what stands of it when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

T = TypeVar("T")

START = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
"""In place of "since ever" and "open"."""


@dataclass(frozen=True, slots=True)
class Span(Generic[T]):
    """Something as it stands in ``[start, end)``; ``end`` is END where it is open."""

    data: T
    start: datetime
    end: datetime

    def valid(self, when: datetime) -> bool:
        return self.start <= when < self.end

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether it has time in common with ``[start, end)``."""
        return self.start < end and start < self.end


def overlay(decisions: Iterable[tuple[T | None, datetime, datetime]]) -> list[Span[T]]:
    """What stands of one thing's decisions ``(data, start, end)``, taken in their order.

    A later decision prevails over an earlier one for as long as it says, and leaves the time
    before and after it alone. Without data it says that nothing stands in that time.
    """
    spans: list[Span[T]] = []
    for data, start, end in decisions:
        spans = [part for old in spans for part in _outside(old, start, end)]
        if data is not None and start < end:
            spans.append(Span(data, start, end))
    return sorted(spans, key=lambda span: span.start)


def gaps(
    start: datetime, end: datetime, covered: Iterable[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """What of ``[start, end)`` none of the given times covers."""
    left = [Span(None, start, end)]
    for since, until in covered:
        left = [part for gap in left for part in _outside(gap, since, until)]
    return [(gap.start, gap.end) for gap in left]


def _outside(span: Span[T], start: datetime, end: datetime) -> list[Span[T]]:
    """What is left of ``span`` without ``[start, end)``."""
    parts = (replace(span, end=min(span.end, start)), replace(span, start=max(span.start, end)))
    return [part for part in parts if part.start < part.end]
