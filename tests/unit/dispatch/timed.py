"""Cases whose time is paused and extended."""

from datetime import UTC, datetime, timedelta
from typing import Any

from dispatch.commands.decide_relief import DecideRelief
from tests.unit.dispatch.district import MANHOLE, START, Desk
from tests.unit.dispatch.test_way_of_a_case import opened, said

EIGHT_HOURS_LATER = START + timedelta(days=1)
"""Of working time: Monday 09:00 to Tuesday 09:00 in Shanghai."""


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}+08:00").astimezone(UTC)


def clock(desk: Desk, kind: str = "handle") -> Any:
    return [c for c in desk.state.clocks if c.kind == kind][-1]


def accepted(**change: Any) -> Desk:
    desk = opened(matter=MANHOLE, **change)
    desk.do(said(desk, "accept"))
    return desk


def ask_pause(desk: Desk, until: str) -> None:
    desk.do(said(desk, "ask_pause", reason="needs_approval", until=local(until).isoformat()))


def ask_extension(desk: Desk, amount: float, unit: str) -> None:
    limit = {"amount": amount, "unit": unit}
    desk.do(said(desk, "ask_extension", reason="parts_ordered", limit=limit))


def decide(desk: Desk, grant: bool = True, by: str = "p-boss") -> list[str]:
    assert desk.state.request is not None
    return desk.do(DecideRelief(by, None, desk.state.request.id, grant, "no_need_seen"))


def paused(until: str = "07T10:00") -> Desk:
    """From Monday 11:00 on, when two of eight hours have passed."""
    desk = accepted()
    desk.now = local("05T11:00")
    ask_pause(desk, until)
    decide(desk)
    return desk
