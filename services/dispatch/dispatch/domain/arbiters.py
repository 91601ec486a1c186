"""Who says which handler is responsible, level by level: the post that the rules name, the
district's accountable post, the leader in charge. Never a party, nor whom it complains of."""

from collections.abc import Iterator
from datetime import datetime

from case_contracts.values import Party
from dispatch.domain.routing import involved, leader_party, post_party
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from service_kit.matters import matches


def may_arbitrate(
    state: CaseState, world: World, at: datetime, person: str, department: str | None = None
) -> bool:
    """Not somebody who reported or handled the case, nor one of a department that handled it, nor
    whom the complaint is about or those under them (domain rules 2 and 12)."""
    conflict, parties = world.conflict(state.about, at), involved(state)
    theirs = world.ties.departments_of(person, at) | ({department} if department else set())
    return not (conflict.hides_from(person, department) or person in parties or theirs & parties)


def levels(state: CaseState, world: World, at: datetime) -> list[Party]:
    """One for each level at which somebody may rule, from the first to the highest."""
    found: list[Party] = []
    for level in (_named(world, at), _of_district(state, world, at), _leaders(state, world, at)):
        seen = {party.person for party in found}
        free = (p for p in level if _may(p, state, world, at) and p.person not in seen)
        found += list(free)[:1]
    return found


def next_arbiter(state: CaseState, world: World, at: datetime) -> Party | None:
    """The lowest level that has not been asked yet; None: anybody entitled stands in."""
    asked = state.ruling.asked if state.ruling is not None else ()
    return next((p for p in levels(state, world, at) if p.person not in asked), None)


def _may(party: Party, state: CaseState, world: World, at: datetime) -> bool:
    own = party.id in involved(state)
    return not own and may_arbitrate(state, world, at, party.person or "")


def _named(world: World, at: datetime) -> Iterator[Party]:
    spans = world.postings.by_posting.get(world.supervision.rules.arbiter or "", ())
    return (post_party(span.data) for span in spans if span.valid(at))


def _of_district(state: CaseState, world: World, at: datetime) -> Iterator[Party]:
    posts = world.postings.in_grid(state.grids[-1], at)
    return (post_party(post) for post in posts if post.accountable)


def _leaders(state: CaseState, world: World, at: datetime) -> Iterator[Party]:
    """Those in charge of the matter first, then those of the ground alone."""
    held = world.ties.leaders(state.grids, at)
    return (
        leader_party(each)
        for each in sorted(held, key=lambda p: not matches(state.matter, p.matters))
    )
