"""Who goes on when a post has ended: its successor if there is one, else the routing rules."""

from collections.abc import Iterator
from datetime import datetime

from case_contracts.events.dispatch import Reason
from case_contracts.events.registry import PostingStarted
from case_contracts.values import Party, PartyKind
from dispatch.domain.arbiters import may_arbitrate, next_arbiter
from dispatch.domain.case_parts import Task
from dispatch.domain.routing import (
    Route,
    involved,
    may_be_sent,
    may_have,
    placer_for,
    post_party,
    route,
    verifier_for,
)
from dispatch.domain.state import CaseState, Status
from dispatch.domain.world import World

ENDED = "posting_ended"


def in_hands(state: CaseState) -> Party | None:
    """The party whose turn it is, be it still there or not; None where it is nobody's."""
    if state.status == Status.UNPLACED:
        return state.placer
    if state.status == Status.VERIFYING:
        return state.verification.verifier if state.verification else None
    if state.status == Status.RULING:
        return state.ruling.arbiter if state.ruling else None
    return state.task.handler if state.is_open and state.task else None


def left_behind(state: CaseState, world: World, at: datetime) -> Party | None:
    """The post that the case is in the hands of, if its holder has left it."""
    party = in_hands(state)
    if party is None or party.kind != PartyKind.POST or world.postings.holds(party, at):
        return None
    return party


def next_handler(state: CaseState, world: World, at: datetime, before: Party) -> Route:
    """The successor; otherwise whoever the rules give it to, of whom those who reported or
    handled it come last."""
    for post in _successors(state, world, at, before):
        if may_be_sent(state, world, at, post):
            reasons = (_ended(before), Reason(code="successor", refers_to=post.posting))
            return Route(post_party(post), None, reasons)
    found = route(state, world, at, avoid=involved(state))
    return Route(found.handler, found.charter, (_ended(before), *found.reasons))


def next_verifier(state: CaseState, world: World, at: datetime, before: Party) -> Party | None:
    """Never somebody who handled or reported it; None: a supervisor stands in."""
    for post in _successors(state, world, at, before):
        return post_party(post)
    return verifier_for(state, world, at)


def next_placer(state: CaseState, world: World, at: datetime, before: Party) -> Party:
    """Raises NotYet while nobody can be asked."""
    for post in _successors(state, world, at, before):
        return post_party(post)
    return placer_for(state, world, at)


def arbiter_after(state: CaseState, world: World, at: datetime, before: Party) -> Party | None:
    """The successor, if they may rule on it; otherwise the next level; None: anybody entitled."""
    for post in _successors(state, world, at, before):
        if may_arbitrate(state, world, at, post.person):
            return post_party(post)
    return next_arbiter(state, world, at)


def again(state: CaseState, world: World, at: datetime, task: Task) -> Route:
    """Who does it once more: the same handler, if it still has the right, or who has it now."""
    rework = Reason(code="rework")
    if not world.postings.holds(task.handler, at):
        found = next_handler(state, world, at, task.handler)
        return Route(found.handler, found.charter, (rework, *found.reasons))
    if not may_have(state, world, at, task.handler):
        found = route(state, world, at)
        return Route(found.handler, found.charter, (rework, *found.reasons))
    return Route(task.handler, task.charter, (rework,))


def as_ruled(state: CaseState, world: World, at: datetime, task: Task) -> Route:
    """A ruling binds though its task has lapsed (domain rule 2): the same handler, as long as it
    may have it; else whom the rules give it to."""
    keeps = world.postings.holds(task.handler, at) and may_have(state, world, at, task.handler)
    if task.charter is not None:
        keeps = keeps and world.charters.holds(task.charter, at, state.matter)
    return Route(task.handler, task.charter, ()) if keeps else route(state, world, at)


def _successors(
    state: CaseState, world: World, at: datetime, before: Party
) -> Iterator[PostingStarted]:
    """Accountable posts of the same role in the same grid, of people who may have to do with it."""
    role, conflict = world.postings.role(before), world.conflict(state.about, at)
    for post in world.postings.in_grid(before.grid or "", at):
        uninvolved = not {post.person, post.posting} & involved(state)
        free = uninvolved and conflict.person_is_free(post.person)
        if post.role == role and post.accountable and free:
            yield post


def _ended(before: Party) -> Reason:
    return Reason(code=ENDED, refers_to=before.id)
