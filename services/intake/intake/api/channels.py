"""By which way a report may come, and what each way needs (channels, 渠道)."""

from dataclasses import dataclass

from case_contracts.events.intake import Channel
from intake.api.schemas import Said
from service_kit.auth import Principal
from service_kit.auth.principal import ANONYMOUS
from service_kit.errors import Forbidden, Invalid, Unauthenticated

STAFF, SENSOR, HISTORY, ENTER = "reports.staff", "reports.sensor", "history.import", "reports.enter"


@dataclass(frozen=True)
class Door:
    """``scope`` is what a token needs, None where none is needed. ``received``: somebody takes
    the report and answers for it first. ``named``: it must say what it comes from (``origin``)."""

    scope: str | None
    received: bool = False
    named: bool = False


DOORS: dict[Channel, Door] = {
    Channel.WEB: Door(None),
    Channel.OPEN311: Door(None),
    Channel.HOTLINE: Door(STAFF, received=True),
    Channel.PATROL: Door(STAFF, received=True),
    Channel.INSPECTION: Door(STAFF, received=True),
    Channel.CAMPAIGN: Door(STAFF, received=True, named=True),
    Channel.SENSOR: Door(SENSOR),
    Channel.IMPORT: Door(HISTORY),
}
"""Every way, at a glance."""


@dataclass(frozen=True)
class Entrance:
    """What the way and the caller make of a report: who reported it from their post, who answers
    for it first, and what it comes from."""

    by: str | None
    receiver: str | None
    origin: str | None


def enter(said: Said, caller: Principal) -> Entrance:
    """Raises Unauthenticated or Forbidden where the caller lacks a right that the report needs,
    Invalid where the way needs more to be said."""
    door = DOORS[said.channel]
    if door.scope is not None:
        need(caller, door.scope, f"channel {said.channel.value}")
    elif said.by or said.origin or said.review:
        need(caller, STAFF, "by, origin or review")
    if door.named and said.origin is None:
        field = {"field": "body.origin", "message": "name the campaign that it came from"}
        raise Invalid(f"channel {said.channel.value} needs an origin", errors=[field])
    return Entrance(_by(said, caller), caller.id if door.received else None, _origin(said, caller))


def as_recorded(said: Said) -> Entrance:
    """History says itself how it came; who brings it along has answered for nothing."""
    return Entrance(said.by, None, said.origin)


def _by(said: Said, caller: Principal) -> str | None:
    """The post-holder who saw it: on patrol the caller. Nobody speaks for another without the
    right to: who is named as reporter can neither verify it nor be counted as having found it."""
    if said.by is None:
        return caller.id if said.channel is Channel.PATROL else None
    if said.by != caller.id:
        need(caller, ENTER, "by of somebody else")
    return said.by


def _origin(said: Said, caller: Principal) -> str | None:
    """A sensor speaks for itself or through a service for many; an inspection is its
    department's."""
    if said.channel is Channel.SENSOR:
        return said.origin or caller.id
    if said.channel is Channel.INSPECTION:
        return said.origin or caller.department
    return said.origin


def need(caller: Principal, scope: str, what: str) -> None:
    """Raises Unauthenticated or Forbidden, saying for ``what`` the scope is needed."""
    if caller is ANONYMOUS:
        raise Unauthenticated(f"{what} needs a bearer token with the scope {scope}")
    if not caller.may(scope):
        raise Forbidden(f"{what} needs the scope {scope}")
