"""Conflict of interest: neither whom a complaint is about nor those under it may touch it."""

from collections.abc import Callable
from datetime import datetime

from case_contracts.events.registry import PostingStarted
from case_contracts.values import About
from dispatch.domain.world import World

Allowed = Callable[[PostingStarted], bool]


def department_is_free(about: About | None, department: str) -> bool:
    return not (about is not None and about.kind == "department" and about.id == department)


def free_posts(about: About | None, world: World, at: datetime) -> Allowed:
    """Which post-holders may have to do with the case.

    About a person: not that person, and nobody in a grid below one of theirs. About a grid: nobody
    in it or below it. About a department: every post-holder may, none is of a department.
    """
    if about is None or about.kind == "department":
        return lambda _: True
    if about.kind == "grid":
        return lambda post: about.id not in (post.grid, *world.paths.get(post.grid, ()))
    grids = world.postings.grids_of(about.id, at)

    def free(post: PostingStarted) -> bool:
        return post.person != about.id and not grids & set(world.paths.get(post.grid, ()))

    return free
