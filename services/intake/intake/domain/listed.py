"""Which matters may stand in public lists, and by which day a report is found there."""

from datetime import UTC, datetime

from case_contracts.values import MatterClass

LISTED = frozenset({MatterClass.PART, MatterClass.EVENT, MatterClass.HAZARD})
"""Classes that are about places. A quarrel, an errand or a question is about people: whoever has
the request's id sees how far it is, but it stands in no list and says no place."""


def is_listed(matter: str) -> bool:
    """Whether requests of this matter may stand in public lists."""
    return matter.split("/", 1)[0] in LISTED


def day_of(when: datetime) -> int:
    """The number of the day in UTC on which a request was made."""
    return when.astimezone(UTC).toordinal()
