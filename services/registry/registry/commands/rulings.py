"""Takes up what arbiters ruled: as a proposal like any other, which two people are to approve.

It goes through the ledger like every change, once for each ruling; what cannot be proposed is
recorded with its reason, so that nothing waits for ever.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from case_contracts.district import Origin
from case_contracts.events.dispatch import RulingMade
from registry.commands.change import Changes, Planned, Wanted
from registry.commands.charter import Known, propose
from registry.domain.chartering.granting import KNOWN_KINDS
from registry.domain.chartering.ruled import NotProposed, entry_of, refusal, wanted_of
from registry.domain.step import Step
from service_kit import clock, ids
from service_kit.errors import Refused
from service_kit.store.model import Actor

KIND = "propose-charter"
Read = Callable[[Iterable[str]], Awaitable[Known]]
"""Gives what was published of these kinds."""


async def take_up(
    ruling: RulingMade, changes: Changes, read: Read, traceparent: str | None
) -> None:
    """Propose it, or record why not; a ruling that was taken up before changes nothing."""

    async def plan() -> Planned:
        return Planned([step(ruling, await read(KNOWN_KINDS), clock.now())], {})

    await changes.make(
        Wanted(
            kind=KIND,
            about=(entry_of(ruling),),
            cause=ids.derived("ruling", ruling.case, ruling.ruling),
            actor=Actor(ruling.by, "staff", purpose=f"ruling {ruling.ruling}"),
            plan=plan,
            traceparent=traceparent,
        )
    )


def step(ruling: RulingMade, known: Known, now: datetime) -> Step:
    """What is said of the entry. A clash with another lead is no hindrance yet: as with every
    proposal, it has to be out of the way when the second person approves."""
    try:
        wanted = wanted_of(ruling, known, now)
        found = propose(wanted, known, Origin(file="ruling"), now, own=None)
    except NotProposed as no:
        return Step(entry_of(ruling), (refusal(ruling, no.reason, no.other),))
    except Refused as no:
        return Step(entry_of(ruling), (refusal(ruling, no.code, entry_of(ruling)),))
    if found.errors:
        return Step(entry_of(ruling), (refusal(ruling, found.errors[0].code),))
    return found.steps[0]
