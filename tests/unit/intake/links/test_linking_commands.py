"""What can be said of a report's link, in any order: it has one case, and tells who said so."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.base import EventData
from case_contracts.events.intake import (
    Likeness,
    LinkProposed,
    ReportLinked,
    ReportReceived,
    ReportUnlinked,
    ReportWithdrawn,
)
from intake.commands.decline_link import DeclineLink
from intake.commands.link_report import LinkReport
from intake.commands.linking import LINKING
from intake.commands.propose_link import ProposeLink
from intake.commands.unlink_report import UnlinkReport
from intake.domain.duplicates import Near
from intake.domain.looked_up import at_desk, linked_to
from intake.domain.report import ReportAggregate
from intake.handlers.on_links import open_its_own
from service_kit.errors import NotFound, Refused
from service_kit.store import Actor, Context, Occurred
from tests.unit.intake.test_commands import WORLD

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
LIKE = Likeness(metres=3, hours=2, score=0.9)


class Play:
    """One report, to which one thing is done after the other."""

    def __init__(self, **change: Any) -> None:
        self.aggregate = ReportAggregate(dict(LINKING))
        received = ReportReceived.model_validate({**ReportReceived.EXAMPLE, **change})
        self.state = self.aggregate.initial(received.report)
        self.take([received])
        self.now = AT

    def take(self, events: Sequence[EventData]) -> None:
        for event in events:
            self.state = self.aggregate.evolve(self.state, event)

    def do(self, command: object) -> list[Any]:
        self.now += timedelta(minutes=1)
        context = Context(self.now, lambda noun: noun, WORLD, "cause", "corr", Actor("p-1"))
        events = self.aggregate.decide(self.state, command, context)
        plain = [e.data if isinstance(e, Occurred) else e for e in events]
        self.take(plain)
        return plain

    @property
    def keys(self) -> list[str]:
        found: list[str] = self.aggregate.fields(self.state)["by"]
        return found


OWN = ReportReceived.EXAMPLE["case"]


def link(case: str = "case:other", empties: str | None = OWN) -> LinkReport:
    return LinkReport(case, "p-000077", empties, "r-other")


def test_by_hand_it_leaves_its_own_case() -> None:
    play = Play()
    [linked] = play.do(link())
    assert (linked.from_case, linked.emptied, linked.by) == (OWN, True, "p-000077")
    assert (play.state.case, play.state.in_case) == ("case:other", "case:other")
    assert play.do(link()) == []


def test_what_was_counted_for_another_case_empties_nothing() -> None:
    """Two people link it at the same time: the second counted who stands behind the first."""
    play = Play()
    play.do(link("case:first"))
    [linked] = play.do(link("case:second", empties=OWN))
    assert (linked.from_case, linked.emptied) == ("case:first", False)


@pytest.mark.parametrize(
    "change", [{"about": {"kind": "department", "id": "um"}}, {"recorded": {}}]
)
def test_what_keeps_its_own_case_is_not_linked(change: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        Play(**change).do(link())
    assert refused.value.code == "not_linkable"


def test_what_was_withdrawn_is_neither_linked_nor_proposed() -> None:
    play = Play()
    play.take([ReportWithdrawn.model_validate({**ReportWithdrawn.EXAMPLE, "case": OWN})])
    with pytest.raises(Refused):
        play.do(link())
    assert play.do(ProposeLink(Near("case:other", LIKE, certain=False))) == []


def test_declined_it_is_never_proposed_again() -> None:
    play = Play()
    near = Near("case:other", LIKE, certain=False)
    [proposed] = play.do(ProposeLink(near))
    assert isinstance(proposed, LinkProposed)
    assert at_desk("links") in play.keys
    assert play.aggregate.fields(play.state)["since"] == proposed.proposed_at
    assert play.do(ProposeLink(Near("case:third", LIKE, certain=False))) == []
    play.do(DeclineLink("case:other", "p-1"))
    assert at_desk("links") not in play.keys
    assert play.do(ProposeLink(near)) == []
    with pytest.raises(Refused):
        play.do(DeclineLink("case:third", "p-1"))


def test_unlinked_its_case_opens_as_filed_and_its_time_runs_from_the_report() -> None:
    play = Play()
    filed = play.state.filing
    play.do(link())
    [unlinked] = play.do(UnlinkReport("case:new", "case:other", "p-1", "other_problem"))
    assert isinstance(unlinked, ReportUnlinked)
    assert (unlinked.case, unlinked.filing) == ("case:new", filed)
    opening = open_its_own(unlinked)
    assert opening is not None
    assert (opening.aggregate, opening.command.report.reported_at) == (
        "case:new", play.state.reported_at,
    )  # fmt: skip
    assert play.state.declined == ("case:other",)


def test_only_what_is_linked_there_is_unlinked_from_there() -> None:
    play = Play()
    with pytest.raises(Refused):
        play.do(UnlinkReport("case:new", OWN, "p-1", "other_problem"))
    play.do(link())
    with pytest.raises(Refused):
        play.do(UnlinkReport("case:new", OWN, "p-1", "other_problem"))
    unknown = play.aggregate.initial("report:none")
    context = Context(AT, str, WORLD, "cause", "corr", Actor("p-1"))
    with pytest.raises(NotFound):
        play.aggregate.decide(unknown, link(), context)


steps = st.lists(
    st.one_of(
        st.sampled_from(["case:a", "case:b"]).map(lambda c: LinkReport(c, "p-1", None)),
        st.sampled_from(["case:a", "case:b"]).map(
            lambda c: UnlinkReport("case:new", c, "p-1", "other_problem")
        ),
        st.sampled_from(["case:a", "case:b"]).map(
            lambda c: ProposeLink(Near(c, LIKE, certain=False))
        ),
        st.sampled_from(["case:a", "case:b"]).map(lambda c: DeclineLink(c, "p-1")),
    ),
    max_size=12,
)


@given(steps)
def test_in_any_order_it_stands_behind_one_case_and_every_move_says_from_where(
    commands: list[object],
) -> None:
    play = Play()
    behind = OWN
    for command in commands:
        try:
            done = play.do(command)
        except Refused:
            continue
        for event in done:
            if isinstance(event, ReportLinked | ReportUnlinked):
                assert event.from_case == behind
                behind = event.case
        assert play.state.in_case == behind
        assert (play.state.proposal is None) == (at_desk("links") not in play.keys)
        assert (linked_to(behind) in play.keys) == (behind not in (OWN, "case:new"))
