"""What the district has set for reporters' rights and for call-backs."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Policy:
    """``reopen_window`` is dispatch's: it decides by it, here it is only said. ``callback_within``
    counts plain hours; ``callback_pause`` lies between two tries, so that they are at different
    hours of the day."""

    reopen_window: timedelta = timedelta(days=15)
    callback_within: timedelta = timedelta(hours=24)
    callback_pause: timedelta = timedelta(hours=3)
