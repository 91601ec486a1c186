"""A district with an arbiter, and cases that were returned twice."""

from dataclasses import replace
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.registry import PortfolioAssigned
from dispatch.commands.rule import Rule
from dispatch.domain.supervision import DEFAULT, Supervision
from service_kit.charters import build_charters
from service_kit.postings import build_postings
from service_kit.ties import build_portfolios
from tests.unit.dispatch.district import (
    CHARTERS,
    FROM,
    POSTINGS,
    Desk,
    charter,
    post,
    world,
)
from tests.unit.dispatch.test_way_of_a_case import opened, said

SUPPORT = charter("mr-parts", "mr", "part/*", "u2").model_copy(update={"role": "support"})
JUDGE = post("p-judge", "arbiter", "d").model_copy(update={"accountable": False})
LEADER = PortfolioAssigned(
    portfolio="portfolio:1", person="p-chief", departments=("um",), matters=("part/*",), grid="d",
    valid_from=FROM,
)  # fmt: skip


def known(
    *, named: str | None = None, posts: tuple[EventData, ...] = (JUDGE,),
    portfolios: tuple[PortfolioAssigned, ...] = (), limit: bool = True,
) -> Any:  # fmt: skip
    """The district with a support charter, an arbiter and perhaps a leader in charge."""
    rules = DEFAULT.model_copy(update={"arbiter": named})
    if not limit:
        rules = rules.model_copy(update={"ruling_limit": None})
    return replace(
        world(),
        charters=build_charters([*CHARTERS, SUPPORT]),
        postings=build_postings([*POSTINGS, *posts]),
        portfolios=build_portfolios(portfolios),
        supervision=Supervision(rules),
    )


def returned_twice(around: Any = None, **change: Any) -> Desk:
    """wa returns to um, um returns as well."""
    desk = opened(grid="u2", **change)
    desk.world = around if around is not None else known()
    desk.do(said(desk, "return", "wa", reason="not_ours", proposed="um"))
    desk.do(said(desk, "return", "um", reason="not_ours_either", proposed="mr"))
    return desk


def rule(desk: Desk, person: str = "p-boss", lead: str = "wa", **more: Any) -> Rule:
    return Rule(person, lead, **{"post": False, "reason": "ground_of_its_charter", **more})


def arbiter(desk: Desk) -> str | None:
    asked = desk.state.ruling
    assert asked is not None
    return asked.arbiter.person if asked.arbiter else None


def handler(desk: Desk) -> str | None:
    assert desk.state.task is not None
    return desk.state.task.handler.person or desk.state.task.handler.id
