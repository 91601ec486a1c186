"""The kinds of things that the registry publishes, each with its events."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CalendarPublished,
    CharterGranted,
    CharterRevoked,
    CommitmentPublished,
    ContactGroupDissolved,
    ContactGroupFormed,
    DepartmentRegistered,
    DistrictPublished,
    GridPublished,
    GridRetired,
    MatterAdmitted,
    MatterWithdrawn,
    PortfolioAssigned,
    PostingEnded,
    PostingStarted,
    SecondmentEnded,
    SecondmentStarted,
    StandardPublished,
)
from service_kit.validity import END, START


@dataclass(frozen=True)
class Kind:
    """One kind of aggregate. ``key`` names the payload's fields that make its id.

    ``versioned``: a version, once published, never changes. ``replaceable``: may be said anew
    for the same time; other dated things keep what was said, so that a case of the past still
    finds the state of its time. ``ended`` ends it before its time.
    """

    name: str
    published: type[EventData]
    key: tuple[str, ...]
    ended: type[EventData] | None = None
    versioned: bool = False
    replaceable: bool = False

    def aggregate(self, data: EventData) -> str:
        """``<kind>:<id>``; ids that already begin with their kind stay as they are."""
        found = ":".join(str(getattr(data, field)) for field in self.key)
        return found if found.startswith(f"{self.name}:") else f"{self.name}:{found}"

    def entry(self, data: EventData) -> tuple[int, datetime]:
        """What tells one entry of a thing from its others: its version and its beginning."""
        return version(data), starts(data)


KINDS = {
    kind.name: kind
    for kind in (
        Kind("calendar", CalendarPublished, ("calendar",), versioned=True),
        Kind("standard", StandardPublished, ("standard",), versioned=True),
        Kind("department", DepartmentRegistered, ("department",), replaceable=True),
        Kind("grid", GridPublished, ("grid",), GridRetired),
        Kind("posting", PostingStarted, ("posting",), PostingEnded),
        Kind("portfolio", PortfolioAssigned, ("portfolio",), replaceable=True),
        Kind("secondment", SecondmentStarted, ("secondment",), SecondmentEnded),
        Kind("contact_group", ContactGroupFormed, ("group",), ContactGroupDissolved),
        Kind("charter", CharterGranted, ("charter",), CharterRevoked, versioned=True),
        Kind("matter", MatterAdmitted, ("matter",), MatterWithdrawn),
        Kind("commitment", CommitmentPublished, ("department", "year"), replaceable=True),
        Kind("district", DistrictPublished, ("district",), replaceable=True),
    )
}
"""In the order in which a district is published: what others refer to goes first."""


def kind_of(aggregate: str) -> Kind:
    """The kind of ``grid:410199``; raises KeyError."""
    return KINDS[aggregate.partition(":")[0]]


def starts(data: EventData) -> datetime:
    """From when it holds; departments hold since ever."""
    since: datetime = getattr(data, "valid_from", START)
    return since


def ends(data: EventData) -> datetime:
    """Until when it holds; END where it is open."""
    until: datetime | None = getattr(data, "valid_to", None)
    return until or END


def version(data: EventData) -> int:
    """The version of a standard, calendar or charter; 0 of what has none."""
    number: int = getattr(data, "version", 0)
    return number
