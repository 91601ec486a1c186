"""Lists of cases as a supervisor reads them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from console.domain.moments import Span, span
from console.views.case_shown import WaitShown, wait_shown
from console.views.case_told import Wait
from console.views.desk_told import Desk, Listed

Tab = Literal["waiting", "late", "came_up", "slips", "rulings"]


@dataclass(frozen=True)
class RowShown:
    """``turn`` is what the row is here for: on the reader's own desk what waits for them, else
    whose turn it is. ``late`` is by how much its handler is."""

    told: Listed
    turn: WaitShown | None
    beside: int
    late: Span | None


def rows_shown(
    listed: Iterable[Listed], reader: str, grids: Sequence[str], now: datetime
) -> list[RowShown]:
    """``grids`` are those that the reader answers for."""
    return [_row(each, reader, grids, now) for each in listed]


def _row(listed: Listed, reader: str, grids: Sequence[str], now: datetime) -> RowShown:
    handler = listed.handler
    posts = {handler.person: handler} if handler and handler.person else {}
    mine = [wait for wait in listed.waits if _is_of(wait, reader, grids)]
    turn = next(iter(mine or listed.waits), None)
    late = span(now - listed.handle_by) if listed.late and listed.handle_by else None
    return RowShown(
        told=listed,
        turn=wait_shown(turn, posts, reader, now) if turn else None,
        beside=max(0, len(listed.waits) - 1),
        late=late,
    )


def _is_of(wait: Wait, reader: str, grids: Sequence[str]) -> bool:
    kind, _, of = wait.desk.partition(":")
    return of == reader if kind == "person" else of in grids


def my_slips(desk: Desk, reader: str) -> list[Listed]:
    """Cases with a slip that the reader has to answer."""
    return [
        each
        for each in desk.waiting
        if any(wait.what == "slip" and wait.desk == f"person:{reader}" for wait in each.waits)
    ]
