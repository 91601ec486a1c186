"""The changes of a district, from the commits of its ledger."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from case_contracts.catalogue import parse
from case_contracts.events.registry import ChangeApplied, ChangeDecided
from service_kit.store.commits import Commits
from service_kit.store.model import Actor, Commit

PAGE = 200


@dataclass(frozen=True)
class Change:
    """A change as it was decided, by whom and when; ``applied_at`` None while it is open."""

    decided: ChangeDecided
    actor: Actor
    at: datetime
    applied_at: datetime | None = None


async def changes(commits: Commits, ledger: str, after: int, limit: int) -> list[Change]:
    """The ``limit`` changes that follow no. ``after``, in order.

    Each comes to two commits of the ledger, so it cannot stand before version ``2 * after + 1``.
    """
    found: dict[int, Change] = {}
    first = 2 * after + 1
    while True:
        ids = [f"{ledger}:{version}" for version in range(first, first + PAGE)]
        page = await commits.by_ids(ids)
        _fold([page[each] for each in ids if each in page], found)
        wanted = [found[n] for n in sorted(found) if n > after][:limit]
        settled = all(each.applied_at for each in wanted)
        if len(page) < PAGE or (len(wanted) == limit and settled):
            return wanted
        first += PAGE


async def things(
    commits: Commits, handler: str, causes: Sequence[str]
) -> list[tuple[str, int, list[str]]]:
    """Which things these steps of a change were said of: aggregate, version, types of events."""
    steps = [(handler, cause) for cause in causes]
    found = await commits.by_causes(steps)
    said = [found[step] for step in steps if step in found]
    return [(c.aggregate, c.version, [event.type for event in c.events]) for c in said]


async def done(commits: Commits, handler: str, cause: Callable[[int], str], steps: int) -> int:
    """How many of a change's steps are said, by halving: they are said in their order, save for
    the few that go together."""
    low, high = 0, steps
    while low < high:
        middle = (low + high) // 2
        if await commits.handled(handler, [cause(middle)]):
            low = middle + 1
        else:
            high = middle
    return low


def _fold(commits: Iterable[Commit], found: dict[int, Change]) -> None:
    for commit in commits:
        for event in commit.events:
            data = parse(event.type, event.data)
            if isinstance(data, ChangeDecided):
                found[data.number] = Change(data, commit.actor, commit.at)
            elif isinstance(data, ChangeApplied) and data.number in found:
                found[data.number] = replace(found[data.number], applied_at=commit.at)
