"""End a charter entry: routing, queue, sight and the right to act go with it."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterRevoked
from registry.domain.kinds import Kind
from registry.domain.record import Record, standing
from service_kit.errors import NotFound, Refused
from service_kit.store.model import Context, Decision
from service_kit.validity import END


@dataclass(frozen=True)
class RevokeCharter:
    """From ``valid_to`` on, or at once, the entry holds no longer.

    Why, and which two people approved it, stands in the commit's actor, for the audit.
    """

    valid_to: datetime | None = None


def revoke_charter(kind: Kind, state: Record, command: RevokeCharter, context: Context) -> Decision:
    """Raises NotFound, or Refused (``in_the_past``, ``ended_already``)."""
    spans = standing(kind, state.events())
    if not spans:
        raise NotFound("no such charter")
    if command.valid_to is not None and command.valid_to < context.now:
        raise Refused("the past cannot be revoked; leave valid_to out to revoke now",
                      code="in_the_past")  # fmt: skip
    until = command.valid_to or context.now
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
