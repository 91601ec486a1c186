"""The end of a posting, a secondment or a contact group, at once or at a time to come."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events.base import EventData
from registry.domain.kinds import Kind
from registry.domain.record import standing
from service_kit.errors import NotFound, Refused


def ending(
    kind: Kind, said: Sequence[EventData], valid_to: datetime | None, now: datetime
) -> list[EventData]:
    """What ends it from ``valid_to`` on, or at once; nothing where it ends then already.

    Raises NotFound, or Refused (``in_the_past``, ``ended_already``).
    """
    spans = standing(kind, said)
    if not spans:
        raise NotFound(f"there is no such {kind.name.replace('_', ' ')}")
    if valid_to is not None and valid_to < now:
        raise Refused("what was cannot be ended; leave valid_to out to end it now",
                      code="in_the_past")  # fmt: skip
    until, last = valid_to or now, spans[-1]
    if last.end == until:
        return []
    if last.end < until:
        raise Refused(f"it ended already at {last.end.isoformat()}", code="ended_already")
    assert kind.ended is not None
    return [kind.ended.model_validate(last.data.model_dump() | {"valid_to": until})]
