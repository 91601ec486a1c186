"""Who answers for a matter on a ground: charter entries in force, and where they clash."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from case_contracts.events.registry import CharterGranted
from service_kit.validity import Span

CharterSpan = Span[CharterGranted]


@dataclass(frozen=True)
class Charge:
    """A charter entry that applies, and the pattern of it that fits the matter."""

    charter: CharterGranted
    pattern: str


@dataclass(frozen=True)
class Clash:
    """Two leads for the same matters on the same ground at the same time."""

    one: CharterSpan
    other: CharterSpan
    matters: tuple[str, ...]


def matching(patterns: Iterable[str], matter: str) -> str | None:
    """The first shell-style pattern that fits ``class/category/item``; ``*`` spans slashes."""
    return next((p for p in patterns if fnmatchcase(matter, p)), None)


def charges(
    spans: Iterable[CharterSpan], matter: str, ground: Sequence[str], when: datetime
) -> Iterator[Charge]:
    """The entries that apply; ``ground`` is the grid with all those above it."""
    for span in spans:
        pattern = matching(span.data.matters, matter)
        if span.valid(when) and span.data.grid in ground and pattern is not None:
            yield Charge(span.data, pattern)


def clashes(
    spans: Iterable[CharterSpan], matters: Iterable[str], ancestors: Mapping[str, frozenset[str]]
) -> list[Clash]:
    """Every pair of leads that clash; ``ancestors`` gives each grid's grids above it."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    leads = [span for span in spans if span.data.role == "lead"]
    for matter in sorted(set(matters)):
        fitting = [n for n, span in enumerate(leads) if matching(span.data.matters, matter)]
        for pair in _meeting(fitting, leads, ancestors):
            found[pair].append(matter)
    return [Clash(leads[a], leads[b], tuple(which)) for (a, b), which in sorted(found.items())]


def clashes_with(
    own: Iterable[CharterSpan], others: Iterable[CharterSpan], matters: Iterable[str],
    ancestors: Mapping[str, frozenset[str]],
) -> list[Clash]:  # fmt: skip
    """As ``clashes``, of one entry's spans with those of other entries only."""
    leads = [span for span in others if span.data.role == "lead"]
    listed = sorted(set(matters))
    return [
        Clash(one, other, shared)
        for one in own
        for other in leads
        if one.data.role == "lead" and _meet(one, other, ancestors)
        and (shared := _shared(one.data, other.data, listed))
    ]  # fmt: skip


def _meet(one: CharterSpan, other: CharterSpan, ancestors: Mapping[str, frozenset[str]]) -> bool:
    """Whether they have time and ground in common."""
    a, b = one.data.grid, other.data.grid
    ground = a == b or a in ancestors.get(b, ()) or b in ancestors.get(a, ())
    return ground and one.meets(other.start, other.end)


def _shared(one: CharterGranted, other: CharterGranted, matters: Iterable[str]) -> tuple[str, ...]:
    return tuple(m for m in matters if matching(one.matters, m) and matching(other.matters, m))


def _meeting(
    fitting: Sequence[int], leads: Sequence[CharterSpan], ancestors: Mapping[str, frozenset[str]]
) -> Iterator[tuple[int, int]]:
    """Pairs on common ground (one grid is the other or above it) and at a common time."""
    by_grid: dict[str, list[int]] = defaultdict(list)
    for n in fitting:
        by_grid[leads[n].data.grid].append(n)
    for n in fitting:
        grid = leads[n].data.grid
        here = (m for m in by_grid[grid] if m < n)
        above = (m for code in ancestors.get(grid, ()) for m in by_grid.get(code, ()))
        for m in (*here, *above):
            if leads[m].meets(leads[n].start, leads[n].end):
                yield (m, n) if m < n else (n, m)
