"""The only source of time. Real by default; can be scaled alike in every process.

``CIVICGRID_CLOCK=2026-01-05T08:00+08:00x600@1790000000.0``: it was 08:00 on 5 January when the
machine's clock read 1790000000.0, and time runs 600 times as fast since. The part from ``@`` on
is added by the runner so that all processes agree; without it, time starts with the process.
"""

import os
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

VARIABLE = "CIVICGRID_CLOCK"
_FORM = re.compile(r"^(?P<start>.+?)x(?P<speed>\d+(?:\.\d+)?)(?:@(?P<anchor>\d+(?:\.\d+)?))?$")


@dataclass(frozen=True)
class Clock:
    """Time that starts at ``start`` when the machine's clock reads ``anchor`` (Unix seconds)."""

    start: datetime
    anchor: float
    speed: float = 1.0

    def now(self) -> datetime:
        """The time now, in UTC, to the microsecond."""
        return self.start + timedelta(seconds=(time.time() - self.anchor) * self.speed)

    def real_seconds(self, span: timedelta) -> float:
        """How long one really waits for this much time to pass."""
        return span.total_seconds() / self.speed

    def text(self) -> str:
        return f"{self.start.isoformat()}x{self.speed:g}@{self.anchor:.3f}"


def real_clock() -> Clock:
    return Clock(datetime.fromtimestamp(0, UTC), 0.0)


def parse_clock(text: str) -> Clock:
    """Read the form above; raises ValueError that says what is wrong."""
    match = _FORM.match(text)
    if match is None:
        raise ValueError(f"{VARIABLE}={text!r}: write <time with zone>x<speed>[@<unix seconds>]")
    start = datetime.fromisoformat(match["start"])
    if start.tzinfo is None:
        raise ValueError(f"{VARIABLE}={text!r}: the time needs its zone, for example +08:00")
    anchor = float(match["anchor"]) if match["anchor"] else time.time()
    return Clock(start.astimezone(UTC), anchor, float(match["speed"]))


_clock: Clock | None = None


def clock() -> Clock:
    """The process's clock, read once from the environment."""
    global _clock
    if _clock is None:
        text = os.environ.get(VARIABLE)
        _clock = parse_clock(text) if text else real_clock()
    return _clock


def set_clock(value: Clock | None) -> None:
    """Replace the process's clock (tests); None reads the environment anew."""
    global _clock
    _clock = value


def now() -> datetime:
    """The time now, UTC."""
    return clock().now()
