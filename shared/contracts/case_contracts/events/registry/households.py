"""The household register. Events say that something is kept, never what it says: addresses and
needs are encrypted in the registry's vault under a key per household."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.registry.territory import FROM
from case_contracts.values import Instant, Ref

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@event("household.registered", owner="registry", aggregate="household")
class HouseholdRegistered(EventData):
    """A household of a unit grid agreed to be on the register, so that it can be looked after."""

    entry: Ref
    grid: Ref
    consented_at: Instant
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "entry": "household:9f2c",
        "grid": "410199001001001",
        "consented_at": FROM,
        "valid_to": "2027-01-01T00:00:00+08:00",
    }


@event("need.consented", owner="registry", aggregate="household")
class NeedConsented(EventData):
    """A household agreed that one of its service needs is kept until ``valid_to``. ``digest`` is
    a keyed hash of what is in the vault: it proves it, and says nothing once the key is gone."""

    entry: Ref
    need: Ref
    digest: Digest
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "entry": "household:9f2c",
        "need": "need:1b7e",
        "digest": "0" * 64,
        "valid_to": "2026-07-01T00:00:00+08:00",
    }


@event("need.ended", owner="registry", aggregate="household")
class NeedEnded(EventData):
    """A need is kept no longer: the household took its consent back, or its time ran out."""

    entry: Ref
    need: Ref
    reason: Annotated[str, Field(pattern="^(withdrawn|expired)$")]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "entry": "household:9f2c",
        "need": "need:1b7e",
        "reason": "withdrawn",
    }


@event("household.erased", owner="registry", aggregate="household")
class HouseholdErased(EventData):
    """A household's key was destroyed, and with it everything that was kept of it."""

    entry: Ref
    reason: Annotated[str, Field(pattern="^(withdrawn|expired)$")]

    EXAMPLE: ClassVar[dict[str, Any]] = {"entry": "household:9f2c", "reason": "withdrawn"}
