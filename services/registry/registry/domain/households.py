"""A household on the register: that it is there, and until when; never what is kept of it.

An entry and each of its needs have the household's consent and an end. Both end by themselves,
or earlier when the household takes its consent back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    HouseholdErased,
    HouseholdRegistered,
    NeedConsented,
    NeedEnded,
)
from service_kit.errors import Invalid, NotFound
from service_kit.store.model import Context, Decision

KIND = "household"
Reason = Literal["withdrawn", "expired"]


class Household(BaseModel):
    """``grid`` is None until it is registered; ``needs`` that are kept, with their ends, and
    those that ``ended``."""

    grid: str | None = None
    consented_at: datetime | None = None
    valid_to: datetime | None = None
    needs: dict[str, datetime] = {}
    ended: tuple[str, ...] = ()
    erased: bool = False

    def open(self, now: datetime) -> bool:
        """Whether it may be read: registered, not erased, and its time has not run out."""
        return not self.erased and self.valid_to is not None and now < self.valid_to

    def standing(self, now: datetime) -> dict[str, datetime]:
        """The needs whose time has not run out."""
        return {need: end for need, end in self.needs.items() if now < end}


@dataclass(frozen=True)
class Register:
    """A household of ``grid`` agreed to be on the register until ``valid_to``."""

    entry: str
    grid: str
    consented_at: datetime
    valid_to: datetime


@dataclass(frozen=True)
class ConsentNeed:
    """It agreed that a need is kept until ``valid_to``; ``digest`` proves what the vault has."""

    entry: str
    need: str
    digest: str
    valid_to: datetime


@dataclass(frozen=True)
class EndNeed:
    """What the vault had of the need is gone."""

    entry: str
    need: str
    reason: Reason


@dataclass(frozen=True)
class Erase:
    """The household's key is destroyed."""

    entry: str
    reason: Reason


Command = Register | ConsentNeed | EndNeed | Erase


class Households:
    """The aggregate ``household``."""

    kind, schema, state = KIND, 1, Household

    def initial(self, aggregate: str) -> Household:
        return Household()

    def evolve(self, state: Household, event: EventData) -> Household:
        if isinstance(event, HouseholdRegistered):
            return Household(
                grid=event.grid, consented_at=event.consented_at, valid_to=event.valid_to
            )
        if isinstance(event, NeedConsented):
            needs = {**state.needs, event.need: event.valid_to}
            return state.model_copy(update={"needs": needs})
        if isinstance(event, NeedEnded):
            needs = {need: end for need, end in state.needs.items() if need != event.need}
            ended = (*state.ended, event.need)
            return state.model_copy(update={"needs": needs, "ended": ended})
        return state.model_copy(update={"needs": {}, "erased": True})

    def decide(self, state: Household, command: Any, context: Context) -> Decision:
        return decide(state, command, context.now)

    def fields(self, state: Household) -> Mapping[str, Any]:
        """Found by its grid for as long as it is kept."""
        return {"grid": None if state.erased else state.grid}


def decide(state: Household, command: Command, now: datetime) -> list[EventData]:
    """What follows from the command; nothing where it is so already. Raises Invalid, NotFound."""
    match command:
        case Register():
            return _register(state, command, now)
        case ConsentNeed():
            return _consent(state, command, now)
        case EndNeed():
            given = {"entry": command.entry, "need": command.need, "reason": command.reason}
            return [NeedEnded.model_validate(given)] if command.need in state.needs else []
        case Erase():
            gone = state.erased or state.grid is None
            return [] if gone else [HouseholdErased(entry=command.entry, reason=command.reason)]


def check_end(now: datetime, valid_to: datetime, most_days: int) -> None:
    """A consent needs an end to come, and one that can be overlooked; raises Invalid."""
    if (valid_to - now).days >= most_days:
        raise Invalid(
            f"valid_to: a consent holds for at most {most_days} days; give an earlier end, and"
            " ask the household again then",
            code="end_too_late",
        )


def _register(state: Household, command: Register, now: datetime) -> list[EventData]:
    _to_come(command.valid_to, now)
    if command.consented_at > now:
        raise Invalid("consented_at: nobody has agreed in the future", code="consent_to_come")
    if state.grid is not None:
        return []
    return [
        HouseholdRegistered(
            entry=command.entry,
            grid=command.grid,
            consented_at=command.consented_at,
            valid_to=command.valid_to,
        )
    ]


def _consent(state: Household, command: ConsentNeed, now: datetime) -> list[EventData]:
    _to_come(command.valid_to, now)
    if not state.open(now) or state.valid_to is None:
        raise NotFound("there is no such household on the register")
    if command.valid_to > state.valid_to:
        raise Invalid(
            f"valid_to: the household is on the register until {state.valid_to.isoformat()} only",
            code="ends_after_entry",
        )
    return [
        NeedConsented(
            entry=command.entry,
            need=command.need,
            digest=command.digest,
            valid_to=command.valid_to,
        )
    ]


def _to_come(valid_to: datetime, now: datetime) -> None:
    if valid_to <= now:
        raise Invalid("valid_to: the end of a consent is a time to come", code="in_the_past")
