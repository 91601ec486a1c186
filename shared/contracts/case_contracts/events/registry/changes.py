"""Changes of the registry as wholes: decided in one commit, then applied thing by thing."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.values import Code, Instant, Ref


@event("change.decided", owner="registry", aggregate="ledger")
class ChangeDecided(EventData):
    """A change of many things was decided as a whole; what follows from it is written step by
    step afterwards, whatever fails meanwhile. ``number`` counts the district's changes,
    ``digest`` is the SHA-256 of the steps."""

    change: Ref
    number: Annotated[int, Field(ge=1)]
    kind: Code
    about: tuple[Ref, ...] = ()
    steps: Annotated[int, Field(ge=0)]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    valid_from: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "change": "change:0d5c",
        "number": 7,
        "kind": "split",
        "about": ["410199001001101"],
        "steps": 3,
        "digest": "0" * 64,
        "valid_from": "2026-06-01T00:00:00+08:00",
    }


@event("change.applied", owner="registry", aggregate="ledger")
class ChangeApplied(EventData):
    """Everything that follows from a decided change is published."""

    change: Ref
    number: Annotated[int, Field(ge=1)]

    EXAMPLE: ClassVar[dict[str, Any]] = {"change": "change:0d5c", "number": 7}
