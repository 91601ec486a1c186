"""What an offline batch can hold: one kind of item each, with how it is taken and found again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from case_contracts.events.intake import Rejection
from case_contracts.values import Instant, Ref
from service_kit.auth import Principal
from service_kit.ids import derived
from service_kit.runtime import Runtime


class Fate(StrEnum):
    """What became of an item."""

    RECEIVED = "received"
    REPEATED = "repeated"
    WAITING = "waiting"
    REJECTED = "rejected"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Item(BaseModel):
    """What all kinds have: the device's id of it, and its clock when it was noted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID
    kind: str
    made_at: Instant


class ItemFate(BaseModel):
    """``received`` and ``repeated`` items are kept for good (``subject`` is what they became, of
    a report with its case and receipt); ``waiting`` ones too, for a reviewer; ``rejected`` ones
    open no case (``reason``). ``invalid`` ones were not taken: ``code`` and ``problem`` say what
    to mend."""

    id: str | None
    status: Fate
    subject: Ref | None = None
    case: Ref | None = None
    receipt: str | None = None
    at: datetime | None = None
    reason: Rejection | None = None
    code: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Noted:
    """An item as it came, and its time by our clock."""

    item: Any
    content: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class ItemKind:
    """``take`` raises what the item's own rules raise; ``find`` gives the fates of those of the
    ids that the caller has sent as this kind."""

    model: type[Item]
    take: Callable[[Runtime, Principal, Noted], Awaitable[ItemFate]]
    find: Callable[[Runtime, Principal, Sequence[str]], Awaitable[dict[str, ItemFate]]]


def cause_of(caller: Principal, item: str) -> str:
    """An item is the caller's own: nobody can take another's id away."""
    return derived("batch", caller.id, item)


def invalid(item: str | None, code: str, problem: str) -> ItemFate:
    """It was not taken."""
    return ItemFate(id=item, status=Fate.INVALID, code=code, problem=problem)
