"""What can be done with the household register, and what it does by itself.

The vault goes first: nothing is committed of what is not kept, and what a commit calls ended or
erased is so already. What dies in between, the sweep completes.
"""

import asyncio
from dataclasses import replace

from registry.adapters.household_vault import Ended, HouseholdVault
from registry.domain.households import (
    Command,
    ConsentNeed,
    EndNeed,
    Erase,
    Household,
    Households,
    Register,
    check_end,
    decide,
)
from service_kit import clock, ids
from service_kit.errors import CivicError
from service_kit.store.commits import fold
from service_kit.store.committer import Committer
from service_kit.store.model import Actor, Commit, Work

REGISTER, CONSENT, END, ERASE = (
    "registry.register-household",
    "registry.consent-need",
    "registry.end-need",
    "registry.erase-household",
)
_HANDLERS: dict[type[Command], str] = {
    Register: REGISTER,
    ConsentNeed: CONSENT,
    EndNeed: END,
    Erase: ERASE,
}
NO_DIGEST = "0" * 64
AT_ONCE = 64


class HouseholdRegister:
    """Every household is an aggregate of its own; ``most_days`` bounds a consent. What changes
    something returns the types of the events, or those of the first time when it is repeated."""

    def __init__(self, committer: Committer, vault: HouseholdVault, most_days: int) -> None:
        self._committer, self.vault, self._most_days = committer, vault, most_days
        self._kind = Households()

    async def state(self, entry: str) -> Household:
        """As of the last commit; one that was never registered where there is no such entry."""
        views, commits = self._committer.views, self._committer.commits
        loaded = (await views.load(self._kind, [entry]))[entry]
        fold(self._kind, loaded, await commits.newer(entry, loaded.version))
        found: Household = loaded.state
        return found

    async def plan(self, command: Command) -> list[str]:
        """The types of the events that it would cause now; raises what speaks against it."""
        now, state = clock.now(), await self.state(command.entry)
        if isinstance(command, Register | ConsentNeed):
            check_end(now, command.valid_to, self._most_days)
        return [event.SPEC.type for event in decide(state, command, now)]

    async def register(
        self, command: Register, content: bytes, actor: Actor, cause: str
    ) -> list[str]:
        """Keep how the household is found, and say that it is on the register."""
        if (before := await self._done(command, cause)) is not None:
            await self.vault.same(command.entry, command.entry, content)
            return before
        await self.plan(command)
        await self.vault.put_household(command.entry, content, command.valid_to)
        return await self._kept(command, actor, cause)

    async def consent(
        self, command: ConsentNeed, content: bytes, actor: Actor, cause: str
    ) -> list[str]:
        """Keep a need, and say that it is kept; its digest is made here."""
        if (before := await self._done(command, cause)) is not None:
            await self.vault.same(command.entry, command.need, content)
            return before
        await self.plan(command)
        digest = await self.vault.put_need(command.entry, command.need, content, command.valid_to)
        return await self._kept(replace(command, digest=digest), actor, cause)

    async def withdraw(self, command: EndNeed | Erase, actor: Actor, cause: str) -> list[str]:
        """The household takes its consent back, to a need or to all: what is kept is destroyed."""
        need = command.need if isinstance(command, EndNeed) else None
        return await self._end(Ended(command.entry, need, "withdrawn", actor.id), actor, cause)

    async def sweep(self) -> int:
        """End what has run out, and complete what was left half ended; how much that was.

        Any number of processes may do it at once: each end is committed once.
        """
        due = await self.vault.due(clock.now())
        for start in range(0, len(due), AT_ONCE):
            await asyncio.gather(*map(self._ended_by_itself, due[start : start + AT_ONCE]))
        return len(due)

    async def _ended_by_itself(self, ended: Ended) -> None:
        actor = Actor("service:registry", on_behalf_of=ended.by, purpose=ended.reason)
        cause = ids.derived("household", ended.entry, ended.need or "", ended.reason)
        await self._end(ended, actor, cause)

    async def _end(self, ended: Ended, actor: Actor, cause: str) -> list[str]:
        if ended.need is None:
            await self.vault.erase(ended.entry, ended.reason, ended.by, clock.now())
            command: Command = Erase(ended.entry, ended.reason)
        else:
            await self.vault.end_need(ended.need, ended.reason, ended.by)
            command = EndNeed(ended.entry, ended.need, ended.reason)
        commit, _ = await self._submit(command, actor, cause)
        await self.vault.told(ended)
        return _types(commit)

    async def _kept(self, command: Command, actor: Actor, cause: str) -> list[str]:
        try:
            commit, repeated = await self._submit(command, actor, cause)
        except CivicError as refused:
            if not refused.retry:  # an unknown outcome may still land: the end takes it then
                await self._take_back(command)
            raise
        if repeated and not await self._stands(command):
            await self._take_back(command)
        return _types(commit)

    async def _stands(self, command: Command) -> bool:
        """Whether it is still kept: the same request came before, and its end too."""
        state = await self.state(command.entry)
        if isinstance(command, ConsentNeed):
            return command.need in state.needs
        return not state.erased

    async def _take_back(self, command: Command) -> None:
        need = command.need if isinstance(command, ConsentNeed) else None
        await self.vault.forget(command.entry, need)

    async def _done(self, command: Command, cause: str) -> list[str] | None:
        commit = await self._committer.commits.by_cause(_HANDLERS[type(command)], cause)
        return None if commit is None else _types(commit)

    async def _submit(self, command: Command, actor: Actor, cause: str) -> tuple[Commit, bool]:
        handler = _HANDLERS[type(command)]
        outcome = await self._committer.submit(Work(command.entry, handler, cause, command, actor))
        return outcome.commit, outcome.repeated


def _types(commit: Commit) -> list[str]:
    return [event.type for event in commit.events]
