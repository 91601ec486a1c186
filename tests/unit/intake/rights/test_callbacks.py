"""Who left only a telephone number is called, once by one person, and not for ever."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.dispatch import CaseClosed, ReopeningRefused
from case_contracts.events.intake import (
    CallbackMade,
    CallbackWhy,
    CallOutcome,
    DropReason,
    ReportLinked,
    ReportReceived,
    ReportRejected,
    ReportSupplemented,
)
from intake.commands.answer_by_phone import AnswerByPhone
from intake.commands.callback_claim import ClaimCallback
from intake.commands.callback_drop import DropCallbacks
from intake.commands.callback_request import PromiseCallback, RequestCallbacks
from intake.commands.callback_result import RecordCall
from intake.domain.callback import Call, aggregate_of, by_phone_alone, id_of
from intake.domain.callback_labels import ABOUT
from intake.domain.callback_needed import why_not
from intake.domain.policy import Policy
from intake.domain.report import Rating
from intake.handlers import on_callback
from service_kit.errors import Invalid, NotFound, Refused
from tests.unit.intake.rights.plays import CASE, REPORT, START, Play, a_report, calls, report, said

FIRST = f"callback:{CASE}:1"
CLOSING = RequestCallbacks(CallbackWhy.CLOSED, START)
CLAIM = ClaimCallback(FIRST, "p-201", own_case=False)
BY_PHONE = said(reachable=["inapp", "phone"])


def due() -> Play:
    """One reporter is to be called about a closing."""
    play = calls()
    play.do(PromiseCallback(REPORT))
    play.do(CLOSING)
    return play


def result(outcome: CallOutcome, by: str = "p-201", **answer: Any) -> RecordCall:
    return RecordCall(FIRST, by, outcome, **answer)


def refused(play: Play, command: Any) -> str:
    with pytest.raises(Refused) as refusal:
        play.do(command)
    return refusal.value.code


def example(model: Any, **change: Any) -> Any:
    return model.model_validate({**model.EXAMPLE, **change})


def test_only_who_was_promised_it_is_called_and_once_for_each_closing() -> None:
    assert calls().do(CLOSING) == []
    play = due()
    assert play.do(PromiseCallback(REPORT)) == []
    assert (play.last.callback, play.last.report) == (FIRST, REPORT)
    assert play.last.due_at - play.now == Policy().callback_within
    assert play.do(CLOSING) == []
    again = RequestCallbacks(CallbackWhy.CLOSED, START + timedelta(days=1))
    assert play.do(again) == ["callback.requested"]
    assert play.last.callback == f"callback:{CASE}:2"


def test_a_refusal_concerns_one_reporter() -> None:
    play = calls()
    play.do(PromiseCallback(REPORT))
    play.do(PromiseCallback("report:2"))
    play.do(RequestCallbacks(CallbackWhy.REOPENING_REFUSED, START, "report:2"))
    assert [call.report for call in play.state.calls] == ["report:2"]


def test_a_claim_keeps_others_away_for_a_while() -> None:
    play = due()
    assert play.do(CLAIM) == ["callback.claimed"]
    assert play.do(CLAIM) == []
    other = ClaimCallback(FIRST, "p-202", own_case=False)
    assert refused(play, other) == "claimed"
    assert play.later(minutes=15).do(other) == ["callback.claimed"]
    assert refused(play, result(CallOutcome.REACHED)) == "not_claimed"


def test_who_worked_on_the_case_does_not_ask() -> None:
    assert refused(due(), ClaimCallback(FIRST, "p-201", own_case=True)) == "own_work"


def test_an_unknown_call() -> None:
    with pytest.raises(NotFound):
        calls().do(CLAIM)


def test_nobody_answering_is_tried_again_later_three_times_in_all() -> None:
    play = due()
    for attempt in (1, 2, 3):
        play.do(CLAIM)
        play.do(result(CallOutcome.NOT_REACHED))
        assert play.last.attempt == attempt
        if attempt < 3:
            assert play.last.again_at == play.now + Policy().callback_pause
            assert refused(play, CLAIM) == "too_early"
            play.later(hours=3)
    assert play.last.again_at is None
    assert refused(play, CLAIM) == "callback_ended"
    assert play.fields == {}


@pytest.mark.parametrize(
    "outcome", [CallOutcome.REACHED, CallOutcome.WRONG_NUMBER, CallOutcome.DECLINED]
)
def test_everything_else_is_the_end_of_it(outcome: CallOutcome) -> None:
    play = due()
    play.do(CLAIM)
    assert play.do(result(outcome)) == ["callback.made"]
    assert play.state.open == []
    assert play.do(result(outcome)) == []
    assert refused(play, result(outcome, by="p-202")) == "not_claimed"


def test_only_a_closing_can_be_rated() -> None:
    play = calls()
    play.do(PromiseCallback(REPORT))
    play.do(RequestCallbacks(CallbackWhy.REJECTED, report=REPORT))
    play.do(CLAIM)
    for answer in ({"solved": False, "score": 1}, {"wants_reopening": True}):
        with pytest.raises(Invalid):
            play.do(result(CallOutcome.REACHED, **answer))


def test_the_queue_knows_the_oldest_open_call() -> None:
    play = due()
    play.later(hours=1).do(RequestCallbacks(CallbackWhy.REOPENING_REFUSED, play.now, REPORT))
    assert play.fields == {"since": START}
    play.do(DropCallbacks(DropReason.REOPENED, closing=True))
    assert play.fields == {}
    assert all(call.ended for call in play.state.calls)


def test_a_drop_takes_what_it_names() -> None:
    play = due()
    play.do(PromiseCallback("report:2"))
    play.do(RequestCallbacks(CallbackWhy.REJECTED, START, "report:2"))
    assert play.do(DropCallbacks(DropReason.WITHDRAWN, report="report:3")) == []
    assert play.do(DropCallbacks(DropReason.REOPENED, closing=True)) == ["callback.dropped"]
    assert play.last.callback == FIRST
    assert play.do(DropCallbacks(DropReason.WITHDRAWN, report="report:2")) == ["callback.dropped"]


def call(**change: Any) -> Call:
    first: Call = due().state.calls[0]
    return first.model_copy(update=change)


def test_when_a_call_is_of_no_use_any_longer() -> None:
    waiting = report(said=BY_PHONE)
    assert why_not(call(), waiting, CASE) is None
    assert why_not(call(), waiting, "case:2") is DropReason.NOT_BEHIND_THE_CASE
    withdrawn = report(said=BY_PHONE, withdrawn_at=START)
    assert why_not(call(), withdrawn, CASE) is DropReason.WITHDRAWN
    voted = report(said=BY_PHONE, rating=Rating(solved=True, score=5, at=START))
    assert why_not(call(), voted, CASE) is DropReason.ANSWERED_OTHERWISE
    before = report(
        said=BY_PHONE, rating=Rating(solved=True, score=5, at=START - timedelta(days=1))
    )
    assert why_not(call(), before, CASE) is None
    refusal = call(why=CallbackWhy.REOPENING_REFUSED)
    assert why_not(refusal, voted, CASE) is None
    email = report(said=said(reachable=["inapp", "email", "phone"]))
    assert why_not(call(), email, CASE) is DropReason.ANSWERED_OTHERWISE


def answer(**change: Any) -> AnswerByPhone:
    said_so: dict[str, Any] = {"solved": True, "score": 4, "wants_reopening": False, **change}
    return AnswerByPhone(by="p-201", since=START, made_at=START + timedelta(hours=1), **said_so)


def test_what_is_said_on_the_telephone_counts_like_a_vote() -> None:
    play = a_report()
    assert play.do(answer()) == ["satisfaction.rated"]
    assert (play.last.by, play.last.score) == ("p-201", 4)
    assert play.do(answer(score=1)) == []
    assert play.do(answer(wants_reopening=True)) == ["reopening.requested"]
    assert play.last.by == "p-201"
    assert play.do(answer(wants_reopening=True)) == []


def test_what_was_said_at_the_receipt_stands() -> None:
    voted = a_report(rating=Rating(solved=True, score=5, at=START))
    assert voted.do(answer(solved=False, score=1)) == []
    assert a_report(withdrawn_at=START).do(answer(wants_reopening=True)) == []
    earlier = Rating(solved=True, score=5, at=START - timedelta(seconds=1))
    assert a_report(rating=earlier).do(answer()) == ["satisfaction.rated"]


def test_who_is_promised_a_call() -> None:
    assert by_phone_alone(("inapp", "phone"))
    assert not by_phone_alone(("inapp", "email", "phone"))
    assert not by_phone_alone(("inapp",))
    phone = {"reachable": ["inapp", "phone"]}
    assert on_callback.promised(example(ReportReceived, **phone)) is not None
    assert on_callback.promised(example(ReportReceived)) is None
    history = example(ReportReceived, **phone, recorded={})
    assert on_callback.promised(history) is None
    assert on_callback.promised_later(example(ReportSupplemented)) is None
    linked = example(ReportLinked, **phone)
    found = on_callback.promised_later(linked)
    assert found is not None
    assert found.aggregate == id_of(linked.case)


def test_what_calls_for_a_call() -> None:
    envelope: Any = None
    assert on_callback.closed(example(CaseClosed, recorded=True), envelope) is None
    assert on_callback.closed(example(CaseClosed), envelope) is not None
    refusal = on_callback.stays_closed(example(ReopeningRefused), envelope)
    assert refusal.command.report == ReopeningRefused.EXAMPLE["report"]
    assert on_callback.rejected(example(ReportRejected)) is None
    assert on_callback.rejected(example(ReportRejected, reachable=["inapp", "phone"])) is not None
    silent = example(CallbackMade, outcome="declined", solved=None, score=None)
    assert on_callback.answered(silent) is None


def test_ids_and_labels() -> None:
    assert aggregate_of(FIRST) == id_of(CASE)
    assert set(ABOUT) == set(CallbackWhy)
