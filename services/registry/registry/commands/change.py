"""A change of the registry, whole: planned on what stands, decided in one commit, applied.

Between planning and deciding nothing else may be decided (the ledger refuses, and it is planned
anew); between deciding and the last step a process may die (another one goes on).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from registry.adapters.plans import Plan, Plans
from registry.commands.say import Say
from registry.domain.ledger import DecideChange, FinishChange, Ledger, LedgerState, ledger_of
from registry.domain.step import Step, digest
from service_kit import ids
from service_kit.errors import KeyReused, Refused, Unavailable
from service_kit.store.commits import fold
from service_kit.store.committer import Committer
from service_kit.store.model import Actor, Work

DECIDE, APPLY, FINISH = (
    "registry.decide-change",
    "registry.apply-change",
    "registry.finish-change",
)
CHUNK, ATTEMPTS, ABOUT = 256, 20, 20


@dataclass(frozen=True)
class Planned:
    """What a change comes to now, and the answer to whoever wants it."""

    steps: Sequence[Step]
    answer: dict[str, Any]
    valid_from: datetime | None = None


@dataclass(frozen=True)
class Wanted:
    """A change that somebody wants. ``plan`` plans it on what stands when it is called, and
    raises what speaks against it; ``cause`` is the request's, so that it is made once."""

    kind: str
    about: tuple[str, ...]
    cause: str
    actor: Actor
    plan: Callable[[], Awaitable[Planned]]
    body_hash: str | None = None
    traceparent: str | None = None


class Changes:
    """Makes changes, one at a time over all processes."""

    def __init__(self, committer: Committer, plans: Plans, district: str) -> None:
        self._committer, self._plans = committer, plans
        self._ledger, self._kind = ledger_of(district), Ledger()
        self._one = asyncio.Lock()

    async def preview(self, wanted: Wanted) -> dict[str, Any]:
        """The answer that making it would give."""
        async with self._one:
            await self._applied()
            return (await wanted.plan()).answer

    async def make(self, wanted: Wanted) -> dict[str, Any]:
        """The answer, when everything is published; a repeated request gets the first one's."""
        change = f"change:{wanted.cause}"
        async with self._one:
            for _ in range(ATTEMPTS):
                before = await self._made_before(wanted)
                state = await self._applied()
                if before is not None:
                    return await self._plans.answer(change, before)
                planned = await wanted.plan()
                if not planned.steps:
                    return planned.answer
                if await self._decided(wanted, change, state, planned):
                    await self._applied()
                    return planned.answer
        raise Unavailable("other changes came in between again and again; try again")

    async def resume(self) -> None:
        """Apply what was decided by a process that died before it had applied it."""
        async with self._one:
            state = await self._applied()
        await self._plans.forget_given_up(state.open)

    async def _made_before(self, wanted: Wanted) -> str | None:
        """The digest of what was decided for this request, by whatever process."""
        found = await self._committer.commits.by_cause(DECIDE, wanted.cause)
        if found is None:
            return None
        if found.body_hash != wanted.body_hash:
            raise KeyReused("the same key came before with another body")
        return str(found.events[0].data["digest"])

    async def _applied(self) -> LedgerState:
        """The ledger's state once nothing is under way any longer."""
        state = await self.state()
        while state.open is not None:
            await self._apply(state.open, state.digest)
            state = await self.state()
        return state

    async def state(self) -> LedgerState:
        """As of the last commit: the view of a process that died may lag behind it."""
        views, commits = self._committer.views, self._committer.commits
        loaded = (await views.load(self._kind, [self._ledger]))[self._ledger]
        fold(self._kind, loaded, await commits.newer(self._ledger, loaded.version))
        found: LedgerState = loaded.state
        return found

    async def _decided(
        self, wanted: Wanted, change: str, state: LedgerState, planned: Planned
    ) -> bool:
        """False when something else was decided since it was planned, or another process has
        decided this very request, perhaps otherwise."""
        found = digest(step.plain() for step in planned.steps)
        await self._plans.keep(
            Plan(
                change,
                found,
                tuple(planned.steps),
                wanted.actor,
                wanted.cause,
                wanted.traceparent,
                planned.answer,
            )
        )
        command = DecideChange(
            change=change,
            after=state.number,
            kind=wanted.kind,
            about=wanted.about[:ABOUT],
            steps=len(planned.steps),
            digest=found,
            valid_from=planned.valid_from,
        )
        try:
            outcome = await self._committer.submit(self._work(DECIDE, wanted, command))
        except Refused as refused:
            if refused.code != "changed_meanwhile":
                raise
            return False
        return not outcome.repeated

    def _work(self, handler: str, wanted: Wanted, command: DecideChange) -> Work:
        return Work(
            aggregate=self._ledger, handler=handler, cause=wanted.cause, command=command,
            actor=wanted.actor, correlation=wanted.cause, traceparent=wanted.traceparent,
            body_hash=wanted.body_hash,
        )  # fmt: skip

    async def _apply(self, change: str, decided: str) -> None:
        """Say every step, stage by stage; what was said before its process died is not repeated."""
        plan = await self._plans.find(change, decided)
        if plan is None:
            if (await self.state()).open == change:
                raise RuntimeError(f"the steps of {change} are not there as they were decided")
            return  # another process has applied it meanwhile
        number = 0
        for _, stage in groupby(plan.steps, key=lambda step: step.stage):
            together = list(stage)
            for start in range(0, len(together), CHUNK):
                chunk = together[start : start + CHUNK]
                await self._say(plan, number, chunk)
                number += len(chunk)
        finish = Work(
            aggregate=self._ledger, handler=FINISH, cause=ids.derived(change, "finish"),
            command=FinishChange(change), actor=plan.actor, correlation=plan.correlation,
            traceparent=plan.traceparent,
        )  # fmt: skip
        await self._committer.through(finish)
        await self._plans.forget_steps(change)

    async def _say(self, plan: Plan, first: int, steps: Sequence[Step]) -> None:
        works = [
            Work(
                aggregate=step.aggregate,
                handler=APPLY,
                cause=step_cause(plan.change, n),
                command=Say(step.events),
                actor=plan.actor,
                correlation=plan.correlation,
                traceparent=plan.traceparent,
            )
            for n, step in enumerate(steps, first)
        ]
        outcomes = await asyncio.gather(
            *map(self._committer.through, works), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome


def step_cause(change: str, number: int) -> str:
    """The cause under which the step of this number (from 0) is said."""
    return ids.derived(change, str(number))
