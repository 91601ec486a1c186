"""What decisions know besides the notices of the case."""

from dataclasses import dataclass, field
from datetime import datetime

from service_kit.ties import Ties


@dataclass(frozen=True)
class World:
    """``since``: nothing that was recorded before is told, so that nobody hears last year's news
    when the service is added. ``email``: there is a mail server. ``ties``: who is under whom, and
    so must not see what complains of them."""

    since: datetime
    email: bool
    ties: Ties = field(default_factory=Ties)
