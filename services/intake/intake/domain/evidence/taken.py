"""When a photo or recording was made, as far as the file's own word can be taken."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

OLDEST, AHEAD = timedelta(days=366), timedelta(minutes=5)


def taken_at(said: str | None, zone: str, now: datetime) -> datetime | None:
    """The file's time, in UTC; None where it says none or one that cannot be.

    A camera's clock mostly says no zone: it is the district's then. Later than now, or more than
    a year ago, the camera's clock was never set.
    """
    if said is None:
        return None
    try:
        found = datetime.fromisoformat(said)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        found = found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if now - OLDEST < found <= now + AHEAD else None
