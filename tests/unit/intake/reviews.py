"""Reports that wait for a reviewer, and what the reviewer decides of them, without a service."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from case_contracts.events.intake import Channel, Referral, Rejection, RulesPublished
from case_contracts.events.registry import PostingStarted
from case_contracts.values import Point, Text
from intake.commands.receive_report import ReceiveReport, receive_report
from intake.commands.triage_report import REVIEWING, TriageReport
from intake.domain.report import ReportAggregate, ReportState
from intake.domain.rules import Rules
from intake.domain.world import Standards, World
from service_kit.grids import GridIndex
from service_kit.postings import build_postings
from service_kit.store.model import Actor, Context, Decision, Occurred
from tests.support.small_district import DISTRICT, FROM, GRIDS, IN_WEST, NOISE, WEST, standard

NOW = datetime(2026, 1, 5, 1, 12, tzinfo=UTC)
HOTLINE = Text(zh="请拨打12345热线。", en="Please call the hotline 12345.")
COURT = Text(zh="请向法院起诉。", en="Please go to court.")
PUBLISHED = RulesPublished(
    rules="rules:lanhe", version=1, desk="posting:desk", triage_hours=2, by="p-1",
    published_at=FROM,
    referrals=(
        Referral(reasons=(Rejection.OUT_OF_SCOPE,), matters=("event/*",), turn_to=COURT),
        Referral(turn_to=HOTLINE),
    ),
)  # fmt: skip
POSTS = [
    PostingStarted(posting=f"posting:{person}", person=person, role="leader", grid=grid,
                   accountable=True, valid_from=FROM)
    for person, grid in (("desk", "410199"), ("p-west", WEST))
]  # fmt: skip
WORLD = World(
    DISTRICT, GridIndex.build(GRIDS), Standards([standard()]), Rules(PUBLISHED),
    postings=build_postings(POSTS), paths={g.grid: g.path for g in GRIDS},
)  # fmt: skip
REPORTS = ReportAggregate({ReceiveReport: receive_report, **REVIEWING})


def context(now: datetime = NOW) -> Context:
    return Context(now, str, WORLD, "cause", "cause", Actor("p-reviewer", "staff"))


def receive(**change: Any) -> ReceiveReport:
    said = ReceiveReport(
        case="case:1", channel=Channel.HOTLINE, matter="", condition=None, point=Point(**IN_WEST),
        reported_at=None, about=None, reporter="r-1", by=None, reachable=("inapp",), language="zh",
        receiver="p-operator",
    )  # fmt: skip
    return replace(said, **change)


def decided(state: ReportState, command: object, now: datetime = NOW) -> Decision:
    return REPORTS.decide(state, command, context(now))


def after(state: ReportState, decision: Decision) -> ReportState:
    for each in decision:
        state = REPORTS.evolve(state, each.data if isinstance(each, Occurred) else each)
    return state


def waiting(**change: Any) -> ReportState:
    state = REPORTS.initial("report:1")
    return after(state, decided(state, receive(**change)))


def judging(**change: Any) -> TriageReport:
    return replace(TriageReport("p-reviewer", NOISE, None, Point(**IN_WEST), None), **change)
