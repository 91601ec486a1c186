"""The guards of the store, each with the fault that it is there for and a way to remove it.

Nothing in the product can switch a guard off: it is patched away here.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from case_bus.port import Delivery
from service_kit.events.listener import Listener
from service_kit.mongo import Database, Document
from service_kit.store import inserting, takeover
from service_kit.store.batch import Batch
from service_kit.store.commits import Commits
from service_kit.store.committer import Committer
from service_kit.store.deciding import Candidate
from service_kit.store.model import Commit, Outcome
from service_kit.store.writers import Writer
from tests.faults import played

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Guard:
    """``fault`` plays the fault and returns the violations; ``remove`` takes the guard away."""

    name: str
    fault: Callable[[Database, Patch], Awaitable[list[str]]]
    remove: Callable[[Patch], None]


def _without(index: str) -> Callable[[Patch], None]:
    """One of the unique indexes is not made."""
    create = Commits.create_indexes

    def remove(patch: Patch) -> None:
        async def all_but_one(self: Commits) -> None:
            await create(self)
            await self.collection.drop_index(index)

        patch.setattr(Commits, "create_indexes", all_but_one)

    return remove


def _all_at_once(patch: Patch) -> None:
    """A batch is finished without waiting for the one before."""
    step = Committer._step

    async def not_waiting(self: Committer) -> None:
        if self._inserting and self._inserting[1].done():
            self._finishing = None
        await step(self)

    patch.setattr(Committer, "_step", not_waiting)


def _no_empty_commits(patch: Patch) -> None:
    """What changes nothing is answered and not written."""
    insert = Batch._insert

    async def insert_changes(self: Batch, candidates: list[Candidate]) -> Any:
        changes = [c for c in candidates if c.commit.events]
        for candidate in candidates:
            if not candidate.commit.events:
                for future in (candidate.pending.committed, candidate.pending.published):
                    future.set_result(Outcome(candidate.commit))
        return await insert(self, changes) if changes else []

    patch.setattr(Batch, "_insert", insert_changes)


def _acknowledge_first(patch: Patch) -> None:
    on_delivery = Listener.on_delivery

    async def ack_then_handle(self: Listener, delivery: Delivery) -> None:
        await delivery.ack()
        await on_delivery(self, delivery)

    patch.setattr(Listener, "on_delivery", ack_then_handle)


def _no_lease_check(patch: Patch) -> None:
    """A writer neither looks at its lease nor minds that somebody else holds it."""

    async def move(self: Writer, change: Document) -> None:
        await self.database["writers"].update_one({"_id": self.id}, {"$set": change})

    patch.setattr(Writer, "lost", property(lambda _: False))
    patch.setattr(Writer, "_move", move)


def _no_sweeps(patch: Patch) -> None:
    """Whoever takes over closes the writer at once."""
    patch.setattr(takeover, "MINUTE_SWEEPS", 0)
    patch.setattr(takeover, "DAY_SWEEPS", 0)


def _not_completed(patch: Patch) -> None:
    """A take-over only publishes."""

    async def nothing(self: Committer, commit: Commit) -> None:
        return None

    patch.setattr(Committer, "complete", nothing)


def _alone(patch: Patch) -> None:
    """What is refused does not take what follows it along."""
    patch.setattr(inserting, "_out_with", lambda candidate: {id(candidate)})


def _twice_in_one(patch: Patch) -> None:
    """What follows is not compared with what else is asked for in its batch."""
    fitting = inserting.fitting

    def all_fit(candidates: Sequence[Candidate]) -> Any:
        followers = [list(candidate.followers) for candidate in candidates]
        found = fitting(candidates)
        for candidate, each in zip(candidates, followers, strict=True):
            candidate.followers = each
        return found

    patch.setattr(inserting, "fitting", all_fit)


def _not_by_id(patch: Patch) -> None:
    """Of what is in the way nobody looks whose it is."""
    patch.setattr(inserting, "_of_causes", lambda commits, causes: {})


GUARDS = (
    Guard("unique cause", played.redelivery, _without("cause")),
    Guard("cause found by id", played.redelivery_of_fresh, _not_by_id),
    Guard("unique version", played.race, _without("lock")),
    Guard("one batch after the other", played.overtaking, _all_at_once),
    Guard("empty commits", played.late_effect, _no_empty_commits),
    Guard("ack after commit", played.death_while_handling, _acknowledge_first),
    Guard("lease check", played.awakening, _no_lease_check),
    Guard("sweep of lapsed writers", played.late_landing, _no_sweeps),
    Guard("completed by its take-over", played.half_done, _not_completed),
    Guard("not without its cause", played.place_taken, _alone),
    Guard("once in a batch", played.asked_twice, _twice_in_one),
)
