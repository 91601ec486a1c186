"""What a report is looked up by: one list of keys for all questions, so that one index serves them.

An index is paid for with every report that comes, up to as much as the report itself costs, also
by those that it has nothing of.
"""

from typing import Literal

from case_contracts.events.intake import Channel, Said
from intake.domain.listed import day_of, is_listed

Desk = Literal["triage", "links"]
_BY_HAND = frozenset({Channel.HOTLINE, Channel.PATROL, Channel.INSPECTION, Channel.CAMPAIGN})


def at_desk(desk: Desk) -> str:
    """A person has to decide something about it: the queues read by it."""
    return f"desk:{desk}"


def of_staff(person: str) -> str:
    """This person saw it from their post, or took it: for them to find what is held on them."""
    return f"staff:{person}"


def linked_to(case: str) -> str:
    """It stands behind this case without having opened it."""
    return f"linked:{case}"


def made_on(day: int) -> str:
    """It was made on this day, and may stand in public lists."""
    return f"day:{day}"


def keys_of(said: Said, *, linked: bool, desk: Desk | None) -> list[str]:
    """All keys of a report."""
    keys = [of_staff(person) for person in _staff(said)]
    if linked:
        keys.append(linked_to(said.case))
    if desk is not None:
        keys.append(at_desk(desk))
    if _may_stand_in_lists(said):
        keys.append(made_on(day_of(said.reported_at)))
    return keys


def kept_day(said: Said) -> int | None:
    """The day by which it is found as ``fact_made``, with the others of its batch: what may stand
    in lists, as it comes. History comes in any order, and a batch of it would be of many days."""
    if said.recorded is not None or not _may_stand_in_lists(said):
        return None
    return day_of(said.reported_at)


def _may_stand_in_lists(said: Said) -> bool:
    return said.about is None and is_listed(said.matter)


def _staff(said: Said) -> list[str]:
    """The post-holders in it; what comes by itself has a desk for receiver, and no person."""
    took = said.receiver if said.channel in _BY_HAND else None
    return sorted({each for each in (said.by, took) if each})
