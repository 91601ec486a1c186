"""The played reporters: a vote at the first closing, and once more where they insist."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from case_contracts.clock import Clock
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.follow import Follower
from civicgrid.replay.habits import Rating
from civicgrid.replay.reporters import Reporters
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import Sent
from tests.support.twin import eventually
from tests.unit.cli.services import FakeServices, problem

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
RATING, WISH = "POST intake /track/R/rating", "POST intake /track/R/reopening"
STUBBORN = Scenario(reporters=Rating(rate=1, dissent=1, insist=1))


def row(status: str, reopened: int, *, decided: bool = False) -> dict[str, Any]:
    return {"case": "case:1", "status": status, "reopened": reopened, "decided": decided}


async def follow(services: FakeServices, scenario: Scenario, rows: list[dict[str, Any]]) -> int:
    """Look once for each row, with everybody acting in between; how many are still open."""
    seen = iter(rows)
    services.on("POST dispatch /cases/lookup", lambda _: [next(seen)])
    agenda = Agenda(Clock(NOW, time.time(), 600_000))
    async with services.api() as api:
        reporters = Reporters(api, agenda, scenario)
        follower = reporters.follower = Follower(api, reporters.closed)
        reporters.know(Sent("r", "part/a/b", "received", case="case:1", receipt="R"))
        follower.add("case:1")
        running = asyncio.create_task(agenda.run())
        for _ in rows:
            await follower.look()
            await eventually(lambda: not reporters.outstanding)
        running.cancel()
    return follower.open


async def test_who_insists_is_followed_until_a_higher_level_has_spoken() -> None:
    services = FakeServices()
    early = iter([problem(409, "not_closed")])
    services.on(RATING, {})
    services.on(WISH, lambda _: next(early, {}))
    rows = [row("closed", 0), row("assigned", 1), row("closed", 1), row("closed", 1)]
    assert await follow(services, STUBBORN, rows) == 1
    assert [len(services.bodies(each)) for each in (RATING, WISH)] == [1, 2]
    rows.append(row("closed", 1, decided=True))
    assert await follow(accepting(RATING, WISH), STUBBORN, rows) == 0


async def test_who_is_content_says_so_once() -> None:
    services = accepting(RATING)
    content = Scenario(reporters=Rating(rate=1, insist=1))
    assert await follow(services, content, [row("closed", 0)]) == 0
    assert [body["solved"] for body in services.bodies(RATING)] == [True]


async def test_a_void_case_is_over_and_nobody_rates_it() -> None:
    services = FakeServices()
    assert await follow(services, STUBBORN, [row("voided", 0)]) == 0
    assert services.bodies(RATING) == []


def accepting(*what: str) -> FakeServices:
    services = FakeServices()
    for each in what:
        services.on(each, {})
    return services
