"""Playing a case under the rules for supervision."""

from typing import Any

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import Trigger
from case_contracts.values import Limit, LimitUnit
from dispatch.commands.open_case import OpenCase
from dispatch.commands.tick import Tick
from dispatch.domain.timers import next_due
from tests.unit.dispatch.district import MANHOLE, Desk, filed
from tests.unit.dispatch.supervised import supervised

HOUR = Limit(amount=1, unit=LimitUnit.HOURS)


def opened(matter: str = MANHOLE, urgent: bool = False, **rules: Any) -> Desk:
    desk = Desk()
    desk.world = supervised(urgent, **rules)
    desk.do(OpenCase(filed(matter=matter)))
    return desk


def tick(desk: Desk, **span: float) -> list[str]:
    desk.later(**span)
    return desk.do(Tick(desk.now))


def until_due(desk: Desk) -> list[str]:
    """To the next time at which something happens by itself."""
    due = next_due(desk.state)
    assert due is not None
    desk.now = max(desk.now, due)
    return desk.do(Tick(due))


def until(desk: Desk, name: str) -> None:
    while name not in until_due(desk):
        pass


def slips(desk: Desk, trigger: Trigger) -> list[events.SlipIssued]:
    found = (e for e in desk.happened if isinstance(e, events.SlipIssued))
    return [e for e in found if e.trigger == trigger]
