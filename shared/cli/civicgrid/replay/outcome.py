"""What came of a replay, as the services say."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from case_contracts.clock import Clock
from civicgrid.replay.follow import Standing
from civicgrid.replay.send import Sent

ROUNDING = 1e-9


@dataclass(frozen=True)
class Spread:
    """Median, 99th percentile, of so many: real seconds, or hours of domain time."""

    p50: float
    p99: float
    count: int


@dataclass
class Outcome:
    """Everything that the final table shows. ``figures`` are dispatch's, over the district."""

    sent: Sequence[Sent]
    waiting: Sequence[Standing]
    figures: dict[str, Any]
    notices: dict[str, int]
    refused_acts: dict[str, int] = field(default_factory=dict)
    bad_lines: int = 0
    to_inbox: Spread | None = None
    to_closed: Spread | None = None
    cases_per_second: float | None = None
    acts_late: Spread | None = None
    not_taken_up: int = 0
    """Cases that intake has opened and dispatch does not know yet."""
    held_back: float = 0.0
    """Real seconds that sending has waited for dispatch to take up cases."""
    stopped: str | None = None
    """Why the rest was not waited for; None where all were through."""

    @property
    def statuses(self) -> Counter[str]:
        """Reports by what intake answered."""
        return Counter(each.status for each in self.sent)

    @property
    def turned_away(self) -> Counter[str]:
        """Reasons of those that opened no case."""
        away = [each for each in self.sent if each.case is None and each.status != "waiting"]
        return Counter(each.reason or "?" for each in away)


def spread(seconds: Iterable[float]) -> Spread | None:
    """Median and 99th percentile (nearest rank); None of nothing."""
    ordered = sorted(seconds)
    if not ordered:
        return None
    return Spread(_rank(ordered, 0.5), _rank(ordered, 0.99), len(ordered))


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, ceil(share * len(ordered) - ROUNDING) - 1)]


def closed_after(rows: Iterable[Standing], clock: Clock) -> list[float]:
    """Real seconds from report to closing of each closed case, reopened ones left out."""
    return [
        clock.real_seconds(_at(row["closed_at"]) - _at(row["reported_at"]))
        for row in rows
        if row["status"] == "closed" and not row["reopened"]
    ]


def per_second(rows: Sequence[Standing], clock: Clock) -> float | None:
    """Closed cases per real second, from the first report to the last closing."""
    closed = [row for row in rows if row["status"] == "closed"]
    if len(closed) < 2:
        return None
    began = min(_at(row["reported_at"]) for row in closed)
    ended = max(_at(row["closed_at"]) for row in closed)
    seconds = clock.real_seconds(ended - began)
    return len(closed) / seconds if seconds > 0 else None


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
