"""What the committer's queue gives to a batch, and what it keeps for the next."""

from types import SimpleNamespace
from typing import cast

from service_kit.store.batch import Batch
from service_kit.store.committer import Committer
from service_kit.store.model import Actor, Pending, Work
from service_kit.store.waiting import BATCH_SIZE, Waiting


def _pending(aggregate: str, cause: str, failures: int = 0) -> Pending:
    work = Work(f"counter:{aggregate}", "registry.count", cause, None, Actor("test"))
    return Pending(work, failures=failures)


def _waiting(*pendings: Pending) -> Waiting:
    waiting = Waiting()
    for pending in pendings:
        waiting.put(pending)
    return waiting


async def test_what_broke_a_batch_is_taken_alone_and_only_into_an_empty_one() -> None:
    broken, other = _pending("1", "a", failures=1), _pending("2", "b")
    waiting = _waiting(broken, other)

    assert waiting.take((), BATCH_SIZE - 1) == []
    assert waiting.take(()) == [broken]
    assert waiting.take(()) == [other]


async def test_behind_others_it_is_left_for_a_batch_of_its_own() -> None:
    first, broken, last = _pending("1", "a"), _pending("2", "b", failures=1), _pending("3", "c")
    waiting = _waiting(first, broken, last)

    assert waiting.take(()) == [first, last]
    assert waiting.take(()) == [broken]


async def test_what_is_busy_waits_before_what_came_after_it() -> None:
    held, free, again = _pending("1", "a"), _pending("2", "b"), _pending("1", "c")
    waiting = _waiting(held, free, again)

    assert waiting.take({"counter:1"}) == [free]
    assert waiting.take({("registry.count", "a")}) == []
    assert waiting.take(()) == [held]
    assert waiting.take(()) == [again]


async def test_no_more_is_taken_than_there_is_room_for() -> None:
    pendings = [_pending(str(n), str(n)) for n in range(5)]
    waiting = _waiting(*pendings)

    assert waiting.take((), 3) == pendings[:3]
    assert waiting.take((), 3) == pendings[3:]


async def test_what_broke_a_batch_is_joined_by_nothing() -> None:
    batch = Batch(cast(Committer, SimpleNamespace(writer=None)), 1)
    assert batch.room == BATCH_SIZE

    batch.taken = [_pending("1", "a")]
    assert batch.room == BATCH_SIZE - 1

    batch.taken = [_pending("1", "a", failures=1)]
    assert batch.room == 0
