"""What is verified, and what comes of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from service_kit.events.subscriptions import Subscriptions
from service_kit.mongo import Database
from service_kit.store.follow import FollowUp
from service_kit.store.kept import Kept
from service_kit.store.model import Aggregate


@dataclass(frozen=True)
class Verified:
    """A service whose database is looked at. Without ``aggregates`` states are not folded,
    without ``subscriptions`` it is not asked what it has handled; ``follow_ups`` are what must
    have followed its own events, ``kept`` the rows that must be there of them; ``queued`` is how
    many messages wait in its queues, which may be the ones that it has not handled yet."""

    name: str
    database: Database
    aggregates: Sequence[Aggregate[Any]] = ()
    subscriptions: Subscriptions | None = None
    queued: int = 0
    follow_ups: Sequence[FollowUp] = ()
    kept: Sequence[Kept] = ()


@dataclass(frozen=True)
class Violation:
    """An invariant (``I1``...) that does not hold at a service, and how it shows."""

    invariant: str
    service: str
    what: str


@dataclass
class Report:
    """What was counted, by name, and every violation."""

    counts: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    def add(self, invariant: str, service: str, what: str) -> None:
        self.violations.append(Violation(invariant, service, what))
