"""Who is to do it: the charter's lead, or the grid where the problem lies (属地兜底)."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.dispatch import Reason
from case_contracts.events.registry import CharterGranted, PortfolioAssigned, PostingStarted
from case_contracts.values import Party, PartyKind, Versioned
from dispatch.domain.state import CaseState
from dispatch.domain.world import WORKER, World
from service_kit.errors import NotYet
from service_kit.matters import matches

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Route:
    """A handler and why it is the one."""

    handler: Party
    charter: Versioned | None
    reasons: tuple[Reason, ...]


def post_party(post: PostingStarted) -> Party:
    return Party(kind=PartyKind.POST, id=post.posting, person=post.person, grid=post.grid)


def leader_party(held: PortfolioAssigned) -> Party:
    """A leader in charge (分管领导), as somebody who can be asked."""
    return Party(kind=PartyKind.POST, id=held.portfolio, person=held.person, grid=held.grid)


def names_of(party: Party | None) -> frozenset[str]:
    """By what it may be shunned: its id, and the person's who holds the post."""
    return frozenset() if party is None else frozenset({party.id, party.person or party.id})


def route(
    state: CaseState, world: World, at: datetime, *, proposed: str | None = None,
    avoid: frozenset[str] = NOBODY,
) -> Route:  # fmt: skip
    """The lead department by charter; otherwise the accountable post of the nearest grid.

    People and posts to ``avoid`` get it only where there is nobody else.
    """
    reasons: list[Reason] = []
    leads = _leads(state, world, at, reasons)
    if proposed is not None and any(c.department == proposed for c in leads):
        leads = [c for c in leads if c.department == proposed]
    if leads:
        best = max(leads, key=lambda c: _closeness(c, state))
        reference = Versioned(id=best.charter, version=best.version)
        reasons.append(Reason(code="charter_lead", refers_to=best.charter))
        handler = Party(kind=PartyKind.DEPARTMENT, id=best.department)
        return Route(handler, reference, tuple(reasons))
    reasons.append(Reason(code="no_lead_department"))
    return _fallback(state, world, at, reasons, avoid)


def _leads(
    state: CaseState, world: World, at: datetime, reasons: list[Reason]
) -> list[CharterGranted]:
    found = []
    conflict = world.conflict(state.about, at)
    for charter in world.charters.covering(state.matter, state.grids, at):
        if charter.role != "lead":
            continue
        if not conflict.department_is_free(charter.department):
            reasons.append(Reason(code="conflict_of_interest", refers_to=charter.department))
        elif charter.department in state.returned_by:
            reasons.append(Reason(code="returned_before", refers_to=charter.department))
        else:
            found.append(charter)
    return found


def _closeness(charter: CharterGranted, state: CaseState) -> tuple[int, int, str]:
    """The smallest grid first, then the most exact pattern; the id makes it certain."""
    depth = len(state.grids) - state.grids.index(charter.grid)
    return depth, max(len(p) for p in charter.matters), charter.charter


def _fallback(
    state: CaseState, world: World, at: datetime, reasons: list[Reason], avoid: frozenset[str]
) -> Route:
    reasons += _level(state, world)
    tried = reasons
    for shunned in (avoid, NOBODY):
        tried = list(reasons)
        post = _answering(state, world, at, tried, shunned)
        if post is not None:
            return Route(post_party(post), None, tuple(tried))
    leader = leader_for(state, world, at)
    if leader is not None:
        return Route(leader, None, (*tried, Reason(code="leader_in_charge", refers_to=leader.id)))
    raise NotYet(f"nobody answers for grid {state.grid} or any grid above it")


def answering_grids(state: CaseState, world: World) -> tuple[str, ...]:
    """The case's grids from the level of its matter up, the lowest first: hard matters do not go
    to the smallest grid (大事不出社区、难事不出街道). Those below only come after all of them, so
    that somebody has it. From the bottom where the matter has no level, or the case's grid lies
    higher."""
    level = world.supervision.level_of(state.matter)
    levels = [world.territory.level(grid) for grid in state.grids]
    first = levels.index(level) if level in levels else 0
    return (*state.grids[first:], *reversed(state.grids[:first]))


def _level(state: CaseState, world: World) -> list[Reason]:
    """Why it does not fall to the grid where it lies."""
    level = world.supervision.level_of(state.matter)
    if level is None or answering_grids(state, world) == state.grids:
        return []
    return [Reason(code="level_of_matter", refers_to=level)]


def leader_for(
    state: CaseState, world: World, at: datetime, shunned: frozenset[str] = NOBODY
) -> Party | None:
    """Where no post is free: the leader in charge of the ground and the matter (分管领导), then
    of the ground alone. Only so does a complaint about the district's own head find somebody."""
    conflict = world.conflict(state.about, at)
    free = [
        each
        for each in world.ties.leaders(state.grids, at)
        if conflict.person_is_free(each.person) and each.person not in shunned
    ]
    best = [p for p in free if matches(state.matter, p.matters)] or free
    return leader_party(best[0]) if best else None


def _answering(
    state: CaseState, world: World, at: datetime, reasons: list[Reason], shunned: frozenset[str]
) -> PostingStarted | None:
    conflict = world.conflict(state.about, at)
    for grid in answering_grids(state, world):
        for post in world.postings.in_grid(grid, at):
            if not post.accountable or {post.person, post.posting} & shunned:
                continue
            if not conflict.person_is_free(post.person):
                reasons.append(Reason(code="conflict_of_interest", refers_to=grid))
                continue
            if not may_be_sent(state, world, at, post):
                reasons.append(Reason(code="matter_not_admitted", refers_to=grid))
                continue
            reasons.append(Reason(code="grid_where_it_lies", refers_to=grid))
            return post
    return None


def may_be_sent(state: CaseState, world: World, at: datetime, post: PostingStarted) -> bool:
    """No matter reaches a grid worker unless admitted (domain rule 8)."""
    return _role_may(post.role, state, world, at)


def may_have(state: CaseState, world: World, at: datetime, party: Party) -> bool:
    """As ``may_be_sent``, of somebody who had it or was told of it when that was allowed: a matter
    can have been withdrawn since."""
    return _role_may(world.postings.role(party), state, world, at)


def _role_may(role: str | None, state: CaseState, world: World, at: datetime) -> bool:
    return role != WORKER or world.admissions.allows(state.matter, at)


def involved(state: CaseState) -> frozenset[str]:
    """Who handled or reported the case: people, and posts without one."""
    return frozenset({*state.handled_by, *([state.by] if state.by else [])})


def verifier_for(state: CaseState, world: World, at: datetime) -> Party | None:
    """A post-holder of the nearest grid who has not handled or reported it (domain rule 4)."""
    conflict = world.conflict(state.about, at)
    for grid in state.grids:
        for post in world.postings.in_grid(grid, at):
            own = {post.person, post.posting} & involved(state)
            if post.accountable and conflict.person_is_free(post.person) and not own:
                return post_party(post)
    return leader_for(state, world, at, involved(state)) if state.about else None


def placer_for(state: CaseState, world: World, at: datetime) -> Party:
    """Who says where an unlocated case lies: the accountable post of the district's grid."""
    conflict = world.conflict(state.about, at)
    for post in world.postings.in_grid(state.grid, at):
        if post.accountable and conflict.person_is_free(post.person):
            return post_party(post)
    leader = leader_for(state, world, at)
    if leader is not None:
        return leader
    raise NotYet(f"nobody in grid {state.grid} can say where this case lies")
