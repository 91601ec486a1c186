"""Who is under whom: posts, secondments (下沉), portfolios (分管) and the tree of grids, as the
registry has published them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    GridPublished,
    PortfolioAssigned,
    SecondmentEnded,
    SecondmentStarted,
)
from service_kit.postings import Postings
from service_kit.validity import END, Span, overlay

T = TypeVar("T", bound=EventData)
Decision = tuple[T | None, datetime, datetime]
Paths = Mapping[str, tuple[str, ...]]
Secondments = Mapping[str, tuple[Span[SecondmentStarted], ...]]
Portfolios = Mapping[str, tuple[Span[PortfolioAssigned], ...]]


@dataclass(frozen=True)
class Ties:
    """``secondments`` and ``portfolios`` by person; ``paths`` lead from a grid to those above it,
    from the top down."""

    postings: Postings = field(default_factory=Postings)
    secondments: Secondments = field(default_factory=dict)
    portfolios: Portfolios = field(default_factory=dict)
    paths: Paths = field(default_factory=dict)

    def within(self, grid: str) -> frozenset[str]:
        """The grid and all above it."""
        return frozenset((grid, *self.paths.get(grid, ())))

    def ground(self, person: str, at: datetime) -> set[str]:
        """The grids in which somebody holds a post or works for a time."""
        seconded = {each.grid for each in self._seconded(person, at)}
        return self.postings.grids_of(person, at) | seconded

    def answers_for(self, person: str, at: datetime) -> set[str]:
        """The grids in which they hold the accountable post."""
        return {post.grid for post in self.postings.of(person, at) if post.accountable}

    def departments_of(self, person: str, at: datetime) -> set[str]:
        """Whose person they are while they work under a grid's lead."""
        return {each.department for each in self._seconded(person, at)}

    def in_charge_of(self, person: str, at: datetime) -> set[str]:
        """The departments that they are the leader for."""
        held = [s.data for s in self.portfolios.get(person, ()) if s.valid(at)]
        return {department for portfolio in held for department in portfolio.departments}

    def leaders(self, grids: Iterable[str], at: datetime) -> list[PortfolioAssigned]:
        """The portfolios on this ground, that of the first grid first."""
        order = {grid: rank for rank, grid in enumerate(grids)}
        spans = [span for of_person in self.portfolios.values() for span in of_person]
        found = [span.data for span in spans if span.valid(at) and span.data.grid in order]
        return sorted(found, key=lambda each: (order[each.grid], each.portfolio))

    def _seconded(self, person: str, at: datetime) -> list[SecondmentStarted]:
        return [span.data for span in self.secondments.get(person, ()) if span.valid(at)]


def build_paths(events: Iterable[EventData]) -> Paths:
    """Grid to the grids above it, from the top down."""
    return {e.grid: e.path for e in events if isinstance(e, GridPublished)}


def build_secondments(events: Iterable[EventData]) -> Secondments:
    """``events`` of one secondment are in their order."""
    said: dict[str, list[Decision[SecondmentStarted]]] = defaultdict(list)
    for e in events:
        if isinstance(e, SecondmentStarted):
            said[e.secondment].append((e, e.valid_from, e.valid_to))
        elif isinstance(e, SecondmentEnded):
            said[e.secondment].append((None, e.valid_to, END))
    return _table(said, lambda each: each.person)


def build_portfolios(events: Iterable[EventData]) -> Portfolios:
    """``events`` of one portfolio are in their order."""
    said: dict[str, list[Decision[PortfolioAssigned]]] = defaultdict(list)
    for e in events:
        if isinstance(e, PortfolioAssigned):
            said[e.portfolio].append((e, e.valid_from, e.valid_to or END))
    return _table(said, lambda each: each.person)


def _table(
    said: Mapping[str, list[Decision[T]]], person: Callable[[T], str]
) -> Mapping[str, tuple[Span[T], ...]]:
    found: dict[str, list[Span[T]]] = defaultdict(list)
    for decisions in said.values():
        for span in overlay(decisions):
            found[person(span.data)].append(span)
    return {each: tuple(spans) for each, spans in found.items()}
