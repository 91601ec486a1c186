"""Whoever is named as the handler by a person must be entitled to it: a department by a charter
(power follows responsibility), a post by the ground that the case lies on."""

from datetime import datetime

from case_contracts.events.dispatch import Reason
from case_contracts.values import Party, PartyKind, Versioned
from dispatch.domain.routing import Route, may_be_sent, post_party
from dispatch.domain.rulings import charter_of
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from service_kit.errors import Refused


def named_department(state: CaseState, world: World, at: datetime, department: str) -> Route:
    """Raises Refused: ``conflict_of_interest``, ``no_charter``, ``returned_before``."""
    found = entitled_department(state, world, at, department)
    if department in state.returned_by:
        raise Refused(
            f"{department} has returned this task: only a ruling can give it to them again",
            code="returned_before",
        )
    return found


def entitled_department(state: CaseState, world: World, at: datetime, department: str) -> Route:
    """Whether it has returned the task or not. Raises Refused: ``conflict_of_interest``,
    ``no_charter``."""
    if not world.conflict(state.about, at).department_is_free(department):
        raise Refused(
            f"the complaint is about {department}, or who leads it: name another department",
            code="conflict_of_interest",
        )
    charter = charter_of(state, world, at, department)
    if charter is None:
        raise Refused(
            f"{department} has no charter for {state.matter} on the ground of {state.grid}, and"
            " without one no right to see or do it: name another, or have a charter granted",
            code="no_charter",
        )
    reason = Reason(code=f"charter_{charter.role}", refers_to=charter.charter)
    reference = Versioned(id=charter.charter, version=charter.version)
    return Route(Party(kind=PartyKind.DEPARTMENT, id=department), reference, (reason,))


def named_post(
    state: CaseState, world: World, at: datetime, posting: str,
    beside: frozenset[str] = frozenset(),
) -> Route:  # fmt: skip
    """``beside`` are grids that the case may be given to besides its own path. Raises Refused:
    ``no_such_post``, ``not_on_the_path``, ``conflict_of_interest``, ``matter_not_admitted``."""
    spans = world.postings.by_posting.get(posting, ())
    post = next((span.data for span in spans if span.valid(at)), None)
    if post is None:
        raise Refused(f"nobody holds the post {posting} now", code="no_such_post")
    if post.grid not in (*state.grids, *beside):
        raise Refused(
            f"the post {posting} is in grid {post.grid}; the case lies in {state.grid}: name a"
            " post of that grid or of one above it", code="not_on_the_path",
        )  # fmt: skip
    if not world.conflict(state.about, at).person_is_free(post.person):
        raise Refused(
            "the complaint is about who holds that post, or those over them: name another",
            code="conflict_of_interest",
        )
    if not may_be_sent(state, world, at, post):
        raise Refused(
            f"{state.matter} is not admitted for grid workers: name a leader's post, or have the"
            " matter admitted first", code="matter_not_admitted",
        )  # fmt: skip
    return Route(post_party(post), None, (Reason(code="grid_where_it_lies", refers_to=post.grid),))
