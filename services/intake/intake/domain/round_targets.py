"""What a round asks to visit: the contact groups, or the lowest grids, of its ground."""

from collections.abc import Iterator
from datetime import datetime

from case_contracts.events.intake import RoundEach, RoundPlanned
from case_contracts.events.registry import ContactGroupFormed
from intake.domain.round_due import Target
from intake.domain.visit_field import Field, accountable
from service_kit.grids import GridIndex


def targets(plan: RoundPlanned, at: datetime, field: Field, grids: GridIndex) -> list[Target]:
    """By their ids, as they stood at ``at``."""
    find = _groups if plan.each is RoundEach.GROUP else _grids
    return sorted(find(plan, at, field, grids), key=lambda target: target.id)


def ground(grid: str, at: datetime, grids: GridIndex) -> tuple[str, ...]:
    """The grid with those above it; alone where it is not known."""
    return (*grids.path(grid, at), grid) if grids.known(grid, at) else (grid,)


def _groups(plan: RoundPlanned, at: datetime, field: Field, grids: GridIndex) -> Iterator[Target]:
    wanted, named = set(plan.grids), set(plan.groups)
    for group in field.groups.valid(at):
        if group.group in named or not wanted.isdisjoint(ground(group.grid, at, grids)):
            yield _group(group, field)


def _group(group: ContactGroupFormed, field: Field) -> Target:
    since = field.groups.since(group.group)
    return Target(group.group, group.grid, (group.person,), since, group.households)


def _grids(plan: RoundPlanned, at: datetime, field: Field, grids: GridIndex) -> Iterator[Target]:
    wanted, valid = set(plan.grids), grids.valid(at)
    parents = {span.data.parent for span in valid}
    for span in valid:
        code = span.data.grid
        if code not in parents and not wanted.isdisjoint((*span.data.path, code)):
            yield Target(code, code, accountable(field.postings, code, at), span.start)
