"""A grid's team: as many post-holders as the district sets for the grid's level (一格多员)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from case_contracts.events.registry import GridPublished, PostingStarted
from case_contracts.events.registry import Span as Range
from registry.domain.kinds import ends, starts
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings

Posting = Placed[PostingStarted]


def check_teams(draft: Draft, findings: Findings) -> None:
    """A warning for each grid whose team is too small or too large, from the first time on."""
    if draft.head is None or not draft.head.data.team:
        return
    since = starts(draft.head.data)
    posted: dict[str, list[Posting]] = defaultdict(list)
    for posting in draft.postings:
        posted[posting.data.grid].append(posting)
    for grid in draft.grids:
        wanted = draft.head.data.team.get(grid.data.level)
        if wanted is not None:
            _check(grid, posted[grid.data.grid], wanted, since, findings)


def _check(
    grid: Placed[GridPublished], posted: Sequence[Posting], wanted: Range, since: datetime,
    findings: Findings,
) -> None:  # fmt: skip
    begin, end = max(starts(grid.data), since), ends(grid.data)
    found = first_breach([p.data for p in posted], wanted, begin, end)
    if found is not None:
        when, count = found
        findings.warn(
            "team_incomplete" if count < wanted.least else "team_too_large", grid.origin,
            f"grid {grid.data.grid}: {count} people in its team from {when.isoformat()} on;"
            f" it should be {wanted.least} to {wanted.most}",
            "add or end postings in that grid",
        )  # fmt: skip


def first_breach(
    posted: Iterable[PostingStarted], wanted: Range, begin: datetime, end: datetime
) -> tuple[datetime, int] | None:
    """When in ``[begin, end)`` the number of people first is out of range, and what it is then."""
    posted = list(posted)
    times = {begin} | {t for p in posted for t in (starts(p), ends(p)) if begin < t < end}
    for when in sorted(times):
        count = len({p.person for p in posted if starts(p) <= when < ends(p)})
        if when < end and not wanted.least <= count <= wanted.most:
            return when, count
    return None
