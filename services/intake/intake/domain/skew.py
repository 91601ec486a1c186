"""A device's clock against ours: what it notes offline is moved to our time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

TRANSMISSION = timedelta(seconds=30)
"""As long as sending may take: less than that says nothing of the clock."""
AHEAD = timedelta(minutes=5)
"""By how much an item may have been made after its batch was sent: clocks are set while noting."""


class TooSoon(ValueError):
    code = "made_in_future"


class TooLate(ValueError):
    code = "made_too_long_ago"


@dataclass(frozen=True)
class Skew:
    """How slow the device's clock is, as seen when its batch arrived."""

    sent_at: datetime
    received_at: datetime
    offset: timedelta
    longest: timedelta

    @classmethod
    def between(cls, sent_at: datetime, received_at: datetime, longest: timedelta) -> "Skew":
        """``longest`` is how long ago an item may have been made."""
        offset = received_at - sent_at
        if abs(offset) < TRANSMISSION:
            offset = timedelta(0)
        return cls(sent_at, received_at, offset, longest)

    @property
    def seconds(self) -> float:
        return round(self.offset.total_seconds(), 3)

    def corrected(self, made_at: datetime) -> datetime:
        """The device's time as ours, never later than now; raises TooSoon and TooLate."""
        at = made_at + self.offset
        if at > self.received_at + AHEAD:
            raise TooSoon("made_at: lies after the batch's own sent_at")
        if at < self.received_at - self.longest:
            raise TooLate(f"made_at: more than {self.longest.days} days ago; report it anew")
        return min(at, self.received_at)
