"""Posts further up the tree from a grid of the case."""

from collections.abc import Iterator
from datetime import datetime

from case_contracts.events.registry import PostingStarted
from case_contracts.values import Party
from dispatch.domain.routing import NOBODY, leader_for, post_party
from dispatch.domain.state import CaseState
from dispatch.domain.world import World


def grids_above(state: CaseState, grid: str | None) -> tuple[str, ...]:
    """The case's grids above this one, from the bottom up; all of them where it is none."""
    grids = state.grids
    return grids[grids.index(grid) + 1 :] if grid in grids else grids


def posts_above(
    state: CaseState, world: World, at: datetime, grid: str | None
) -> Iterator[PostingStarted]:
    """Accountable posts above this grid whose holders may have to do with the case."""
    conflict = world.conflict(state.about, at)
    for each in grids_above(state, grid):
        for post in world.postings.in_grid(each, at):
            if post.accountable and conflict.person_is_free(post.person):
                yield post


def next_above(
    state: CaseState, world: World, at: datetime, grid: str | None,
    shunned: frozenset[str] = NOBODY,
) -> Party | None:  # fmt: skip
    """The nearest post above who is not shunned; at the top the leader in charge; else nobody."""
    for post in posts_above(state, world, at, grid):
        if not {post.person, post.posting} & shunned:
            return post_party(post)
    return leader_for(state, world, at, shunned)
