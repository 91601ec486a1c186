"""Up a level (提级): from the grid to the community, the street, the district, and at the top to
the leader in charge. Who is there watches over the case, or takes it over."""

from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import Reason
from dispatch.domain.above import grids_above, posts_above
from dispatch.domain.case_parts import Watch
from dispatch.domain.evolve import evolve_all
from dispatch.domain.routing import Route, leader_for, may_be_sent, names_of, post_party
from dispatch.domain.state import CaseState
from dispatch.domain.steps import assign, revoke
from dispatch.domain.world import World

TAKEN_OVER = "taken_over"


def level(state: CaseState) -> str:
    """The grid whose level has the case now: that of the watch, else the handler's; a
    department's is the case's own."""
    if state.watch is not None:
        return state.watch.grid
    own = state.task.handler.grid if state.task else None
    return own if own in state.grids else state.grid


def supervising_grid(state: CaseState) -> str:
    """Whose supervisor it comes back to: that of the level which watches over the case, else the
    one above the handler."""
    if state.watch is not None:
        return state.watch.grid
    return next(iter(grids_above(state, level(state))), state.grids[-1])


def next_watch(state: CaseState, world: World, at: datetime) -> Watch | None:
    """The nearest accountable post above that is free of a conflict of interest and neither
    handles nor watches already; levels without one are passed over. At the top, once, the leader
    in charge."""
    if _leader_watches(state, world, at):
        return None
    here = level(state)
    shunned = names_of(state.task.handler if state.task else None) | names_of(
        state.watch.by if state.watch else None
    )
    for post in posts_above(state, world, at, here):
        if may_be_sent(state, world, at, post) and not {post.person, post.posting} & shunned:
            return Watch(grid=post.grid, by=post_party(post))
    leader = leader_for(state, world, at, shunned)
    return Watch(grid=state.grids[-1], by=leader) if leader else None


def _leader_watches(state: CaseState, world: World, at: datetime) -> bool:
    watch = state.watch
    if watch is None or watch.by is None or watch.grid != state.grids[-1]:
        return False
    return any(p.portfolio == watch.by.id for p in world.ties.leaders(state.grids, at))


def escalated(
    state: CaseState, at: datetime, watch: Watch, reason: str, *, by: str | None = None,
    statement: str | None = None, takes_over: bool = False,
) -> events.CaseEscalated:  # fmt: skip
    return events.CaseEscalated(
        case=state.case,
        from_grid=level(state),
        to_grid=watch.grid,
        to=watch.by,
        reason=reason,
        by=by,
        statement=statement,
        takes_over=takes_over,
        escalated_at=at,
    )


def taken_over(
    state: CaseState, world: World, at: datetime, watch: Watch, by: str
) -> list[EventData]:
    """The level above does it itself: the task goes from its handler to the post there."""
    assert state.task is not None
    assert watch.by is not None
    taken = revoke(state, world, at, TAKEN_OVER)
    chosen = Route(watch.by, None, (Reason(code=TAKEN_OVER, refers_to=by),))
    return [*taken, *assign(evolve_all(state, taken), world, at, chosen, state.task.id)]
