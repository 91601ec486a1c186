"""A case as its page shows it: whose turn it is, and what can be done with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.domain.case_acts import ACTS, BY_STEP, ELSEWHERE, Act
from console.domain.moments import Span, span
from console.views.case_told import Action, Case, Party, Wait

PEOPLE = frozenset(
    {"handler", "verifier", "placer", "arbiter", "supervisor", "approver", "slip_answerer",
     "alerted"}
)  # fmt: skip
"""Whose steps are people's; the others are those of a department's service, of reporters, and of
what happens by itself."""


@dataclass(frozen=True)
class WaitShown:
    """``kind`` and ``of`` are of the desk; ``post`` is who sits there, where the case names them;
    ``mine``: it waits for the reader. ``length`` is what is left, or by how much it is late."""

    told: Wait
    kind: str
    of: str
    post: Party | None
    mine: bool
    late: bool
    length: Span | None


def waits_shown(waits: Iterable[Wait], case: Case, reader: str, now: datetime) -> list[WaitShown]:
    """The turn first, as dispatch says it."""
    return [wait_shown(wait, case.posts, reader, now) for wait in waits]


def wait_shown(wait: Wait, posts: Mapping[str, Party], reader: str, now: datetime) -> WaitShown:
    """``posts`` by who holds them."""
    kind, _, of = wait.desk.partition(":")
    return WaitShown(
        told=wait,
        kind=kind,
        of=of,
        post=posts.get(of) if kind == "person" else None,
        mine=wait.desk == f"person:{reader}",
        late=wait.due_at is not None and wait.due_at < now,
        length=span(wait.due_at - now) if wait.due_at is not None else None,
    )


@dataclass(frozen=True)
class Offer:
    """A step that the reader can take now, with its form; or, with ``at``, on a page of its own."""

    told: Action
    act: Act | None
    at: str | None = None


@dataclass(frozen=True)
class Offers:
    """``closed`` are people's steps that are not possible now, with why."""

    open: list[Offer]
    closed: list[Action]


def offers(actions: Sequence[Action], case: str) -> Offers:
    """What can be done, in the order of the table; every possible step is there, also one that
    has no form."""
    possible = {each.step: each for each in actions if each.possible}
    order = [*ELSEWHERE, *(act.step for act in ACTS)]
    steps = [step for step in order if step in possible]
    steps += [step for step in possible if step not in order]
    return Offers(
        open=[_offer(possible[step], case) for step in steps],
        closed=[each for each in actions if not each.possible and _of_people(each)],
    )


def _offer(action: Action, case: str) -> Offer:
    at = ELSEWHERE.get(action.step)
    return Offer(action, BY_STEP.get(action.step), at.format(case=case) if at else None)


def _of_people(action: Action) -> bool:
    return any(owner.who in PEOPLE for owner in action.whose)
