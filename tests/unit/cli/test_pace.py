"""A replay on a machine that is slower than its pace: it sends later, and says why it ended."""

import asyncio
import io
import re
import time
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from case_contracts.clock import Clock
from civicgrid.replay.live import Pace, Replay
from civicgrid.replay.outcome import Outcome
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import AT_ONCE
from civicgrid.replay.view import render
from civicgrid.reports_file import ReportLine
from tests.unit.cli.services import FakeServices

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


class Dispatch:
    """Takes up what intake was sent only after so many looks, and closes it or does not."""

    def __init__(self, takes_up_after: int, status: str = "closed") -> None:
        self.services, self.status = FakeServices(), status
        self.looks, self.takes_up_after = 0, takes_up_after
        self.sent_at_look: list[int] = []
        on = self.services.on
        on("POST intake /reports", lambda _: self._receive())
        on("POST dispatch /cases/lookup", lambda _: self._look())
        on("GET dispatch /cases/turns", [])
        on("GET dispatch /cases/figures", dict.fromkeys(FIGURES, 0) | {"assigned": {}})
        on("GET notification /figures", {})

    @property
    def sent(self) -> int:
        return len(self.services.bodies("POST intake /reports"))

    def _receive(self) -> dict[str, Any]:
        case = f"case:{self.sent}"
        return {"report": f"r:{case}", "case": case, "receipt": case, "status": "received"}

    def _look(self) -> list[dict[str, Any]]:
        self.looks += 1
        self.sent_at_look.append(self.sent)
        if self.looks < self.takes_up_after:
            return []
        (asked,) = self.services.bodies("POST dispatch /cases/lookup")[-1:]
        return [self._row(case) for case in asked["cases"]]

    def _row(self, case: str) -> dict[str, Any]:
        times = {"reported_at": NOW.isoformat(), "closed_at": NOW.isoformat(), "next_due": None}
        return {"case": case, "status": self.status, "reopened": 0, "desk": None,
                "decided": False, **times}  # fmt: skip

    async def replay(self, count: int, pace: Pace) -> Outcome:
        lines = [_line(number) for number in range(count)]
        clock = Clock(NOW, time.time(), 60_000)
        async with self.services.api() as api, asyncio.timeout(30):
            return await Replay(api, clock, Scenario(), pace, lambda _: None).run(lines)


FIGURES = ("opened", "completed", "verified", "closed", "reopened", "overdue", "on_time",
           "without_limit")  # fmt: skip


def _line(number: int) -> ReportLine:
    content = {"ref": f"r{number}", "reported_at": NOW, "channel": "web", "text": "x"}
    return ReportLine.model_validate({**content, "matter": "part/a/b"})


def _shown(outcome: Outcome) -> str:
    out = io.StringIO()
    Console(file=out, width=200).print(render(outcome))
    return out.getvalue()


async def test_no_more_is_sent_than_dispatch_has_still_to_take_up() -> None:
    dispatch = Dispatch(takes_up_after=3)
    outcome = await dispatch.replay(80, Pace(behind=20))
    assert max(dispatch.sent_at_look[:3]) <= 20 + AT_ONCE
    assert dispatch.sent == 80
    assert outcome.held_back > 0.5
    assert "sent later as dispatch was behind" in _shown(outcome)


async def test_who_does_not_say_how_far_behind_sends_at_once() -> None:
    dispatch = Dispatch(takes_up_after=1000)
    outcome = await dispatch.replay(80, Pace(quiet=0.3))
    assert dispatch.sent == 80
    assert outcome.held_back == 0
    assert "behind" not in _shown(outcome)


async def test_where_dispatch_takes_up_nothing_the_rest_is_sent_after_all() -> None:
    dispatch = Dispatch(takes_up_after=1000)
    outcome = await dispatch.replay(40, Pace(behind=20, quiet=0.3, most=1))
    assert dispatch.sent == 40
    assert (outcome.stopped or "").startswith("nothing has changed for 0.3 s")
    assert re.search(r"not taken up by dispatch 派遣未接收 *│ *40 │", _shown(outcome))


async def test_it_says_why_the_rest_is_not_waited_for() -> None:
    outcome = await Dispatch(1, status="assigned").replay(3, Pace(quiet=0.3))
    shown = _shown(outcome)
    assert "not closed 未结案: 3" in shown
    assert "nothing has changed for 0.3 s" in shown
    assert "civicgrid held list" in shown


async def test_it_says_how_it_is_given_more_time() -> None:
    outcome = await Dispatch(1, status="assigned").replay(3, Pace(most=0.3))
    assert "they have had 0.3 s since the last was sent; --wait gives more" in _shown(outcome)


async def test_what_is_through_needs_no_reason() -> None:
    outcome = await Dispatch(1).replay(3, Pace(quiet=0.3))
    assert outcome.stopped is None
    assert "No longer waited for" not in _shown(outcome)
