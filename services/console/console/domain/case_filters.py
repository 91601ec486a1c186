"""What a list of cases is asked for: from the fields of a form to dispatch's query. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

Share = Literal["open", "over", "all"]
SHARES: tuple[Share, ...] = get_args(Share)
STATUSES = (
    "unplaced", "assigned", "accepted", "lapsed", "ruling", "verifying", "closed", "voided",
)  # fmt: skip
REFERENCE = re.compile(r"^[A-Za-z0-9._:@/*-]{1,160}$")
PAGE = 20


@dataclass(frozen=True)
class Filters:
    """Empty where nothing is asked for; ``since`` and ``until`` are whole days of the zone."""

    grid: str = ""
    department: str = ""
    matter: str = ""
    status: str = ""
    share: Share = "open"
    late: bool = False
    since: date | None = None
    until: date | None = None

    def query(self, zone: ZoneInfo, after: str | None) -> dict[str, Any]:
        """As dispatch takes it."""
        named = {"grid": self.grid, "department": self.department, "matter": self.matter,
                 "status": self.status, "after": after or ""}  # fmt: skip
        found: dict[str, Any] = {name: value for name, value in named.items() if value}
        if self.late:
            found["late"] = "true"
        if self.since:
            found["since"] = _start(self.since, zone).isoformat()
        if self.until:
            found["until"] = _start(self.until + timedelta(days=1), zone).isoformat()
        return {**found, "share": self.share, "limit": PAGE}

    def kept(self) -> dict[str, str]:
        """As the fields of an address, to ask for the same again."""
        days = {"since": self.since, "until": self.until}
        found = {name: each.isoformat() for name, each in days.items() if each}
        if self.late:
            found["late"] = "yes"
        named = {"grid": self.grid, "department": self.department, "matter": self.matter,
                 "status": self.status}  # fmt: skip
        return {**{n: v for n, v in named.items() if v}, **found, "share": self.share}


def filters_of(sent: Mapping[str, str]) -> Filters:
    """What makes no sense is left out, as if it were not asked for."""
    status, share = sent.get("status", ""), sent.get("share", "")
    shares: Sequence[Share] = [each for each in SHARES if each == share]
    return Filters(
        grid=_reference(sent.get("grid", "")),
        department=_reference(sent.get("department", "")),
        matter=_reference(sent.get("matter", "")),
        status=status if status in STATUSES else "",
        share=shares[0] if shares else "open",
        late=sent.get("late") == "yes",
        since=_day(sent.get("since", "")),
        until=_day(sent.get("until", "")),
    )


def _reference(said: str) -> str:
    return said.strip() if REFERENCE.match(said.strip()) else ""


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
