"""Publish a district step by step: what others refer to goes first, the district itself last."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby

from case_contracts.events.registry import GridPublished
from registry.commands.publish import Publish
from registry.domain.plan import Step
from service_kit import ids
from service_kit.store.model import Actor, Outcome, Work

HANDLER = "registry.load-district"
CHUNK = 256
Through = Callable[[Work], Awaitable[Outcome]]


async def load_district(
    steps: Sequence[Step], through: Through, *, load: str, actor: Actor, traceparent: str | None
) -> dict[str, int]:
    """Commit and publish every step; how many events of each type came of it.

    Broken off half-way, the same district loaded again publishes what is missing. Each load has
    causes of its own, so that something may change, and later change back.
    """
    count: Counter[str] = Counter()
    for stage, chunk in _chunks(steps):
        works = [_work(n, step, load, actor, traceparent) for n, step in enumerate(chunk, stage)]
        outcomes = await asyncio.gather(*map(through, works), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            count.update(event.type for event in outcome.events)
    return dict(count)


def _chunks(steps: Sequence[Step]) -> Iterator[tuple[int, Sequence[Step]]]:
    """Steps that may be published together, with the number of the first."""
    first = 0
    for _, group in groupby(steps, key=_stage):
        together = list(group)
        for start in range(0, len(together), CHUNK):
            chunk = together[start : start + CHUNK]
            yield first, chunk
            first += len(chunk)


def _stage(step: Step) -> tuple[str, int]:
    """Things of one kind go together, grids level by level."""
    depth = len(step.wanted.path) if isinstance(step.wanted, GridPublished) else 0
    return step.wanted.SPEC.aggregate, depth


def _work(number: int, step: Step, load: str, actor: Actor, traceparent: str | None) -> Work:
    return Work(
        aggregate=step.aggregate,
        handler=HANDLER,
        cause=ids.derived(load, str(number)),
        command=Publish(step.wanted),
        actor=actor,
        correlation=load,
        traceparent=traceparent,
    )
