"""Who checks the work: never somebody who did or reported it, nor whom it complains of (domain
rules 4 and 12). Those who let their limit pass are not asked again for the same work."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from case_contracts.events.registry import PostingStarted
from case_contracts.values import Party
from dispatch.domain.above import next_above
from dispatch.domain.routing import involved, names_of, post_party, verifier_for
from dispatch.domain.state import CaseState
from dispatch.domain.world import World

CERTAIN = 1 << 64


def first_verifier(state: CaseState, world: World, at: datetime) -> Party | None:
    """A spot checker where the case is drawn and one is free; else a post-holder of the nearest
    grid. None: a supervisor stands in."""
    checker = spot_checker(state, world, at) if drawn(state.case, world.policy.spot_share) else None
    return checker or verifier_for(state, world, at)


def drawn(case: str, share: float) -> bool:
    """Whether a spot checker looks at the case: by its id alone, so that nobody can choose, and
    everybody can reckon it again."""
    return _lot(case) < share * CERTAIN


def spot_checker(state: CaseState, world: World, at: datetime) -> Party | None:
    """Of the checkers of the rules one who may have to do with the case, by lot."""
    free = [
        post
        for name in world.supervision.rules.spot_checkers
        for post in list(_posts(name, world, at))[:1]
        if may_verify(state, world, at, post)
    ]
    return post_party(free[_lot(state.case) % len(free)]) if free else None


def verifier_above(state: CaseState, world: World, at: datetime) -> Party | None:
    """Whom to ask when a verifier has let the limit pass: somebody further up the tree."""
    asked = state.verification
    assert asked is not None
    before = asked.verifier
    shunned = involved(state) | frozenset(asked.asked) | names_of(before)
    return next_above(state, world, at, before.grid if before else None, shunned)


def may_verify(state: CaseState, world: World, at: datetime, post: PostingStarted) -> bool:
    own = {post.person, post.posting} & involved(state)
    return not own and world.conflict(state.about, at).person_is_free(post.person)


def _posts(name: str, world: World, at: datetime) -> Iterator[PostingStarted]:
    """A checker is named as a person or as a post."""
    spans = (*world.postings.by_posting.get(name, ()), *world.postings.by_person.get(name, ()))
    return (span.data for span in spans if span.valid(at))


def _lot(case: str) -> int:
    return int.from_bytes(sha256(f"spot|{case}".encode()).digest()[:8], "big")
