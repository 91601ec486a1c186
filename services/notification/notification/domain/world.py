"""What decisions know besides the notices of the case."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class World:
    """``since``: nothing that was recorded before is told, so that nobody hears last year's news
    when the service is added. ``email``: there is a mail server."""

    since: datetime
    email: bool
