"""The end of a charter entry: routing, queue, sight and the right to act go with it."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterRevoked
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from service_kit.errors import NotFound, Refused
from service_kit.validity import END


def revocation(
    said: Sequence[EventData], valid_to: datetime | None, now: datetime
) -> list[CharterRevoked]:
    """What ends the entry from ``valid_to`` on, or at once; nothing where it ends then already.

    Raises NotFound, or Refused (``in_the_past``, ``ended_already``).
    """
    spans = standing(KINDS["charter"], said)
    if not spans:
        raise NotFound("no such charter")
    if valid_to is not None and valid_to < now:
        raise Refused("the past cannot be revoked; leave valid_to out to revoke now",
                      code="in_the_past")  # fmt: skip
    until = valid_to or now
    last = spans[-1]
    if last.end == until:
        return []
    if last.end < until:
        raise Refused(f"it ended already at {last.end.isoformat()}", code="ended_already")
    return [_revoked(span.data, until) for span in spans if span.meets(until, END)]


def _revoked(data: EventData, until: datetime) -> CharterRevoked:
    assert isinstance(data, CharterGranted)
    return CharterRevoked(
        charter=data.charter, version=data.version, department=data.department, valid_to=until
    )
