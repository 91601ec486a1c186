"""What stands, as a draft: so that a change is judged together with everything else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from case_contracts.district import Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CalendarPublished,
    CharterGranted,
    CommitmentPublished,
    ContactGroupFormed,
    DepartmentRegistered,
    DistrictPublished,
    GridPublished,
    MatterAdmitted,
    PortfolioAssigned,
    PostingStarted,
    SecondmentStarted,
    StandardPublished,
)
from registry.domain.kinds import KINDS, kind_of, starts
from registry.domain.record import as_standing, standing
from registry.domain.validation.draft import Draft, Names, Placed
from registry.domain.validation.findings import Findings
from registry.domain.validation.leads import Origins

D = TypeVar("D", bound=EventData)
Known = Mapping[str, Sequence[EventData]]


def whole(known: Known, origins: Origins) -> Draft:
    """Everything that stands at any time, each with the time for which it really stands.

    Of several versions of the standard the newest is judged by, with the calendar it pins.
    """
    things = list(_things(known, origins))
    standards = _of(things, StandardPublished)
    standard = _last(standards)
    grids = _of(things, GridPublished)
    matters = [m.code for each in standards for m in each.data.matters]
    departments = _of(things, DepartmentRegistered)
    return Draft(
        head=_last(_of(things, DistrictPublished)),
        calendar=_pinned(_of(things, CalendarPublished), standard),
        standard=standard,
        departments=departments,
        grids=grids,
        postings=_of(things, PostingStarted),
        portfolios=_of(things, PortfolioAssigned),
        secondments=_of(things, SecondmentStarted),
        contact_groups=_of(things, ContactGroupFormed),
        charters=_of(things, CharterGranted),
        admissions=_of(things, MatterAdmitted),
        commitments=_of(things, CommitmentPublished),
        names=Names(
            grids=frozenset(p.data.grid for p in grids),
            departments=frozenset(p.data.department for p in departments),
            matters=frozenset(matters),
        ),
    )


def around(standing: Draft, read: Draft) -> Draft:
    """The grids that the wanted ones and postings touch: they, their parents, all children of
    those, and everything above. Names of all the others stay known."""
    families = touched(standing, read)
    near = [p for p in standing.grids if p.data.grid in families or p.data.parent in families]
    above = {code for p in near for code in p.data.path}
    codes = {p.data.grid for p in near} | above
    root = standing.head.data.root_grid if standing.head else None
    kept = [p for p in standing.grids if p.data.grid in codes or p.data.grid == root]
    return replace(standing, grids=kept)


def touched(standing: Draft, read: Draft) -> set[str]:
    """The grids that are wanted or get postings, and the parents of those wanted."""
    wanted = {p.data.grid for p in read.grids} | {p.data.grid for p in read.postings}
    parents = {p.data.parent for p in standing.grids if p.data.grid in wanted and read.grids}
    return wanted | {parent for parent in parents if parent is not None}


def with_paths(read: Draft, published: Known, findings: Findings) -> Draft:
    """The wanted grids with their paths, which follow from their parents, wanted or standing."""
    above: dict[str, list[GridPublished]] = {}
    for placed in sorted(read.grids, key=lambda p: len(p.data.path)):
        above.setdefault(placed.data.grid, []).append(placed.data)
    done: list[Placed[GridPublished]] = []
    for placed in read.grids:
        path = _path(placed.data, above, published, depth=0)
        if path is None:
            findings.error(
                "parent_unknown", placed.origin.at(("parent",)),
                f"grid {placed.data.grid}: its parent {placed.data.parent} is not valid at"
                f" {placed.data.valid_from.isoformat()}",
                "correct parent or valid_from, or add that grid as well",
            )  # fmt: skip
            continue
        done.append(replace(placed, data=placed.data.model_copy(update={"path": path})))
    return replace(read, grids=done)


def _path(
    grid: GridPublished, wanted: Mapping[str, list[GridPublished]], published: Known, depth: int
) -> tuple[str, ...] | None:
    if grid.parent is None:
        return ()
    for parent in wanted.get(grid.parent, ()):
        if parent.valid_from <= grid.valid_from and depth < 32:
            above = _path(parent, wanted, published, depth + 1)
            return None if above is None else (*above, grid.parent)
    for span in standing(KINDS["grid"], published.get(f"grid:{grid.parent}", ())):
        if span.valid(grid.valid_from) and isinstance(span.data, GridPublished):
            return (*span.data.path, grid.parent)
    return None


def _things(known: Known, origins: Origins) -> Iterable[Placed[Any]]:
    for aggregate, events in known.items():
        kind = kind_of(aggregate)
        for span in standing(kind, events):
            origin = origins.get((aggregate, kind.entry(span.data)))
            yield Placed(origin or Origin(file="published before"), as_standing(span))


def _of(things: Iterable[Placed[Any]], model: type[D]) -> list[Placed[D]]:
    return [placed for placed in things if isinstance(placed.data, model)]


def _last(placed: Sequence[Placed[D]]) -> Placed[D] | None:
    return max(placed, key=lambda p: starts(p.data), default=None)


def _pinned(
    calendars: Sequence[Placed[CalendarPublished]], standard: Placed[StandardPublished] | None
) -> Placed[CalendarPublished] | None:
    if standard is None:
        return _last(calendars)
    pin = standard.data.calendar
    pinned = [p for p in calendars if (p.data.calendar, p.data.version) == (pin.id, pin.version)]
    return _last(pinned) or _last(calendars)
