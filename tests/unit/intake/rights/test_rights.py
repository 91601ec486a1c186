"""What a reporter may do, when, and how often."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.intake import Rejection, Unclear
from case_contracts.values import Limit
from intake.commands.rate_satisfaction import RateSatisfaction
from intake.commands.request_reopening import RequestReopening
from intake.commands.supplement_report import SupplementReport
from intake.commands.withdraw_report import WithdrawReport
from intake.domain.progress import Happened, Kind, progress_of
from intake.domain.report import Rating, ReportState, Waiting
from intake.domain.rights import MOST_ADDITIONS, Objection, Right, Withdrawal, rights_of
from intake.domain.rights_labels import (
    ANSWERING,
    OBJECTIONS,
    RIGHTS,
    WISHES,
    WITHDRAWALS,
    limit_in_words,
    refusal,
)
from intake.domain.wish import WishAnswer
from service_kit.errors import Refused
from tests.unit.intake.rights.plays import CASE, START, Play, a_report, report, said

WINDOW = timedelta(days=15)
CLOSED_AT = START + timedelta(hours=2)
WITHDRAW = WithdrawReport("mistake", None, alone=True)
ADD = SupplementReport(("words",), (), None)
UNFILED = said(filing=None)


def refused(play: Play, command: Any) -> str:
    with pytest.raises(Refused) as refusal:
        play.do(command)
    return refusal.value.code


def at(hours: float) -> Any:
    return START + timedelta(hours=hours)


def rights(state: ReportState, *rows: Happened, after: timedelta = timedelta(hours=3)) -> list[str]:
    now = START + after
    return [m.right for m in rights_of(state, progress_of(state, START, rows), now, WINDOW)]


CLOSED = Happened(Kind.CLOSED, CLOSED_AT)


def test_a_withdrawal_is_one_and_says_whether_anybody_is_left() -> None:
    play = a_report()
    assert play.do(WITHDRAW) == ["report.withdrawn"]
    assert (play.last.case, play.last.reason, play.last.last) == (CASE, "mistake", True)
    assert play.do(WithdrawReport("solved_itself", None, alone=True)) == []
    assert a_report().do(WithdrawReport("mistake", None, alone=False)) == ["report.withdrawn"]


def test_what_waits_for_a_reviewer_leaves_no_case_behind() -> None:
    play = a_report(said=UNFILED)
    play.do(WITHDRAW)
    assert play.last.last is False


def test_what_can_no_longer_be_withdrawn() -> None:
    assert refused(a_report(), WithdrawReport("mistake", CLOSED_AT, alone=True)) == "closed"
    rejected = a_report(said=UNFILED, rejected=Rejection.OUT_OF_SCOPE)
    assert refused(rejected, WITHDRAW) == "rejected"


@pytest.mark.parametrize(
    "command",
    [
        ADD,
        RequestReopening("not_done", CLOSED_AT),
        RateSatisfaction(True, 5, CLOSED_AT),
    ],
)
def test_with_a_withdrawal_every_other_right_ends(command: Any) -> None:
    play = a_report()
    play.do(WITHDRAW)
    assert refused(play, command) == "withdrawn"


def test_a_contact_left_later_adds_ways_in_their_order() -> None:
    play = a_report(said=said(reachable=["inapp"]))
    play.do(SupplementReport(("words", "contact"), ("phone",), None))
    assert play.last.reachable == ("inapp", "phone")
    play.do(SupplementReport(("contact",), ("email",), None))
    assert play.last.reachable == ("inapp", "email", "phone")
    assert (play.last.number, play.state.supplements) == (2, 2)
    play.do(ADD)
    assert play.last.reachable == ("inapp", "email", "phone")


def test_additions_have_an_end() -> None:
    play = a_report()
    for _ in range(MOST_ADDITIONS):
        play.do(ADD)
    assert refused(play, ADD) == "too_many_additions"
    assert Right.ADD not in rights(play.state)
    assert refused(a_report(), SupplementReport(("words",), (), CLOSED_AT)) == "closed"
    assert refused(a_report(rejected=Rejection.OUT_OF_SCOPE), ADD) == "rejected"


def test_reopening_is_asked_for_once_for_each_closing() -> None:
    play = a_report().later(hours=3)
    assert refused(play, RequestReopening("not_done", None)) == "not_closed"
    assert play.do(RequestReopening("not_done", CLOSED_AT)) == ["reopening.requested"]
    assert (play.last.reason, play.last.by) == ("not_done", None)
    assert play.do(RequestReopening("came_back", CLOSED_AT)) == []
    assert play.later(days=1).do(RequestReopening("came_back", at(20))) == ["reopening.requested"]


def test_while_it_is_open_one_may_add_and_withdraw() -> None:
    assert rights(report()) == [Right.ADD, Right.WITHDRAW]
    reason = Waiting(reason=Unclear.MATTER_NOT_SAID, since=START, due_at=None)
    assert rights(report(said=UNFILED, waiting=reason)) == [Right.ADD, Right.WITHDRAW]


def test_once_it_is_closed_one_may_rate_and_within_the_window_object() -> None:
    assert rights(report(), CLOSED) == [Right.RATE, Right.REOPEN]
    assert rights(report(), CLOSED, after=timedelta(hours=2) + WINDOW) == [
        Right.RATE, Right.REOPEN,
    ]  # fmt: skip
    late = timedelta(hours=2, seconds=1) + WINDOW
    assert rights(report(), CLOSED, after=late) == [Right.RATE]
    voted = report(rating=Rating(solved=True, score=5, at=at(2.5)))
    assert rights(voted, CLOSED) == [Right.REOPEN]
    objected = report(rating=Rating(solved=False, score=1, at=at(2.5)))
    assert rights(objected, CLOSED) == []


@pytest.mark.parametrize(
    "state",
    [report(withdrawn_at=at(1)), report(said=UNFILED, rejected=Rejection.OUT_OF_SCOPE)],
)
def test_what_was_withdrawn_or_rejected_gives_no_right(state: ReportState) -> None:
    assert rights(state) == []
    assert rights(report(), Happened(Kind.VOIDED, at(1))) == []


def wish(*rows: Happened, asked: float = 3) -> WishAnswer | None:
    state = report(reopening_asked_at=at(asked))
    found = progress_of(state, START, [CLOSED, *rows]).wish
    return found.answer if found else None


def test_what_becomes_of_a_wish() -> None:
    mine, others = report().report, "report:2"
    assert wish() is WishAnswer.WAITING
    assert wish(Happened(Kind.REFERRED, at(4), report=mine)) is WishAnswer.REFERRED
    assert wish(Happened(Kind.REFUSED, at(4), report=mine)) is WishAnswer.REFUSED
    assert wish(Happened(Kind.REFUSED, at(4), report=others)) is WishAnswer.WAITING
    assert wish(Happened(Kind.REOPENED, at(4))) is WishAnswer.REOPENED
    reopened_before_asking = Happened(Kind.REOPENED, at(2.9))
    assert wish(reopened_before_asking) is WishAnswer.REOPENED
    assert wish(Happened(Kind.REOPENED, at(4)), Happened(Kind.CLOSED, at(5))) is None


KINDS = st.sampled_from([k for k in Kind if k is not Kind.TOLD])
ROWS = st.lists(
    st.builds(
        Happened, KINDS, st.integers(0, 60).map(at), report=st.sampled_from([None, "report:1"])
    ),
    max_size=12,
)


@given(ROWS, st.integers(0, 60), st.integers(0, 100))
def test_one_never_may_what_would_be_refused(rows: list[Happened], asked: int, hours: int) -> None:
    state = report(reopening_asked_at=at(asked)) if asked else report()
    way = progress_of(state, START, rows)
    play = a_report(reopening_asked_at=state.reopening_asked_at).later(hours=hours)
    commands = {
        Right.ADD: SupplementReport(("words",), (), way.closed_at),
        Right.WITHDRAW: WithdrawReport("mistake", way.closed_at, alone=True),
        Right.RATE: RateSatisfaction(True, 5, way.closed_at),
        Right.REOPEN: RequestReopening("not_done", way.closed_at),
    }
    for may in rights_of(state, way, play.now, WINDOW):
        assert Play(play.aggregate, play.state).later(hours=hours).do(commands[may.right])


def test_everything_has_its_label_in_both_languages() -> None:
    assert set(RIGHTS) == set(Right)
    assert set(WITHDRAWALS) == set(Withdrawal)
    assert set(OBJECTIONS) == set(Objection)
    assert set(WISHES) == set(WishAnswer)
    assert set(ANSWERING) >= set(type(next(iter(ANSWERING))))
    words = [*RIGHTS.values(), *WITHDRAWALS.values(), *OBJECTIONS.values(), *WISHES.values()]
    assert all(each.zh != each.en for each in words)
    assert refusal("too_late") != refusal("done_as_the_standard_says")


@pytest.mark.parametrize(
    ("unit", "en"),
    [
        ("working_hours", "8 working hours by the calendar"),
        ("working_days", "8 working days by the calendar"),
        ("hours", "8 hours, counted day and night"),
        ("days", "8 days, counted without a break"),
    ],
)
def test_a_limit_says_what_it_is_counted_in(unit: Any, en: str) -> None:
    words = limit_in_words(Limit(amount=8, unit=unit))
    assert words.en == en
    assert words.zh.startswith("8 ")


VOIDED = Happened(Kind.VOIDED, CLOSED_AT, by_hand=True)


def test_rule_3_whose_case_was_voided_by_people_may_object_within_the_window() -> None:
    play = a_report()
    assert rights(play.state, VOIDED) == [Right.REOPEN]
    assert rights(play.state, VOIDED, after=timedelta(days=16)) == []
    by_rule = Happened(Kind.VOIDED, CLOSED_AT)
    assert rights(play.state, by_rule) == []


def test_an_objection_to_a_voiding_is_answered_and_may_open_the_case_again() -> None:
    play = a_report().later(hours=4)
    play.do(RequestReopening("not_done", progress_of(play.state, START, [VOIDED]).ended_at))
    assert play.state.reopening_asked_at is not None
    referred = Happened(Kind.REFERRED, at(5), report=play.state.report)
    way = progress_of(play.state, START, [VOIDED, referred])
    assert way.wish is not None
    assert way.wish.answer is WishAnswer.REFERRED
    again = progress_of(play.state, START, [VOIDED, referred, Happened(Kind.REOPENED, at(6))])
    assert (again.voided_at, again.ended_at, again.by_hand) == (None, None, False)


def test_an_answer_belongs_to_one_closing() -> None:
    play = a_report()
    answered = Happened(Kind.ANSWERED, CLOSED_AT, statement="statement:1")
    way = progress_of(play.state, START, [answered, CLOSED])
    assert way.answer is not None
    assert (way.answer.statement, way.answer.at) == ("statement:1", CLOSED_AT)
    again = [answered, CLOSED, Happened(Kind.REOPENED, at(6)), Happened(Kind.CLOSED, at(9))]
    assert progress_of(play.state, START, again).answer is None
