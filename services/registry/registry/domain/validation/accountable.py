"""Every lowest grid always has one accountable person, or the gap is reported (定格定员定责)."""

from collections import defaultdict
from datetime import datetime
from itertools import pairwise

from case_contracts.events.registry import PostingStarted
from registry.domain.kinds import ends, starts
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.findings import Findings
from service_kit.validity import gaps

Posting = Placed[PostingStarted]


def check_accountable(draft: Draft, findings: Findings) -> None:
    """Warnings for grids of the lowest level with nobody, or with two people at a time."""
    if draft.head is None or not draft.head.data.levels:
        return
    lowest = draft.head.data.levels[-1]
    answering: dict[str, list[Posting]] = defaultdict(list)
    for posting in draft.postings:
        if posting.data.accountable:
            answering[posting.data.grid].append(posting)
    for grid in draft.grids:
        if grid.data.level != lowest:
            continue
        times = [_time(posting) for posting in answering[grid.data.grid]]
        left = gaps(starts(grid.data), ends(grid.data), times)
        if left:
            said = f"grid {grid.data.grid} has nobody accountable from {left[0][0].isoformat()} on"
            hint = "add a posting for that time"
            findings.warn("nobody_accountable", grid.origin, said, hint, grid.data.grid)
        _check_two(grid.data.grid, answering[grid.data.grid], findings)


def _check_two(grid: str, postings: list[Posting], findings: Findings) -> None:
    ordered = sorted(postings, key=lambda posting: starts(posting.data))
    for before, after in pairwise(ordered):
        if ends(before.data) > starts(after.data):
            first = before.origin.place
            findings.warn("two_accountable", after.origin,
                          f"grid {grid} has a second accountable person, beside {first}",
                          "let one of the two be not accountable, or end before")  # fmt: skip


def _time(posting: Posting) -> tuple[datetime, datetime]:
    return starts(posting.data), ends(posting.data)
