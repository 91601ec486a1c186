"""Urgent matters go to every post on duty in the case's grid and the one above, at once; whoever
of them takes the task first is its handler."""

from datetime import datetime

from case_contracts.events.dispatch import EmergencyAlerted, Reason
from case_contracts.values import Party
from dispatch.domain.routing import may_be_sent, post_party
from dispatch.domain.state import CaseState
from dispatch.domain.steps import condition_of
from dispatch.domain.world import World
from service_kit.duty import on_duty


def call_out(
    state: CaseState, world: World, at: datetime
) -> tuple[list[EmergencyAlerted], tuple[Reason, ...]]:
    """Who is alerted, and why so: also where a matter is not admitted, or nobody is on duty."""
    if not condition_of(state, world).urgent:
        return [], ()
    posts, reasons = _on_duty(state, world, at)
    if not posts:
        return [], (*reasons, Reason(code="nobody_on_duty", refers_to=state.grid))
    alerted = EmergencyAlerted(
        case=state.case, matter=state.matter, grid=state.grid, posts=posts, alerted_at=at
    )
    return [alerted], (*reasons, Reason(code="emergency_alerted", refers_to=state.grid))


def _on_duty(
    state: CaseState, world: World, at: datetime
) -> tuple[tuple[Party, ...], tuple[Reason, ...]]:
    """By the wall clock of the case's calendar; nobody whom the case complains of, and no worker
    whom the matter may not be sent (domain rules 8 and 12)."""
    assert state.calendar is not None
    local = world.calendar(state.calendar).local(at)
    conflict, found, reasons = world.conflict(state.about, at), dict[str, Party](), list[Reason]()
    for grid in state.grids[:2]:
        for post in world.postings.in_grid(grid, at):
            if not on_duty(post, local) or not conflict.person_is_free(post.person):
                continue
            if may_be_sent(state, world, at, post):
                found.setdefault(post.person, post_party(post))
            else:
                reasons.append(Reason(code="matter_not_admitted", refers_to=post.posting))
    return tuple(found.values()), tuple(reasons)
