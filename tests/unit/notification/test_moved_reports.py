"""Whoever reported a problem that another case is about hears of that case from then on."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events import notification as events
from notification.commands.follow_report import JoinCase, LeaveCase
from notification.commands.tell_reporters import TellReporters
from notification.domain.texts import write
from service_kit.errors import NotYet
from tests.unit.notification.test_notices import START, Case, said

JOIN = JoinCase("report:2", "linked", ("inapp", "phone"), "en", START)
LEAVE = LeaveCase("report:2", "linked")


def told_to(told: list[Any]) -> list[tuple[str, str]]:
    return [(e.report, e.kind) for e in told if hasattr(e, "notice")]


def test_who_joins_is_told_so_and_of_everything_later() -> None:
    case = Case()
    case.report("report:1", "inapp")
    joined = case.tell(JOIN)
    assert isinstance(joined[0], events.SubscriptionCreated)
    assert (joined[0].channels, joined[0].language) == (("inapp",), "en")
    assert told_to(joined) == [("report:2", "linked")]
    for kind in ("assigned", "closed", "reopened"):
        both = told_to(case.tell(TellReporters(kind)))
        assert both == [("report:1", kind), ("report:2", kind)]


def test_joining_twice_is_joining_once() -> None:
    case = Case()
    case.tell(JOIN)
    assert case.tell(JOIN) == []


def test_who_leaves_is_told_nothing_more_of_it() -> None:
    case = Case()
    case.report("report:1", "inapp")
    case.tell(JOIN)
    [left] = case.tell(LEAVE)
    assert (left.report, left.reason) == ("report:2", "linked")
    assert case.tell(LEAVE) == []
    assert told_to(case.tell(TellReporters("closed"))) == [("report:1", "closed")]


def test_a_case_that_everybody_left_waits_for_nobody() -> None:
    case = Case()
    case.tell(JOIN)
    case.tell(LEAVE)
    assert case.tell(TellReporters("closed")) == []


def test_leaving_waits_until_the_coming_is_known() -> None:
    with pytest.raises(NotYet):
        Case().tell(LEAVE)


def test_who_comes_back_is_told_again_under_another_id() -> None:
    case = Case()
    first = case.tell(JOIN)[1].notice
    case.tell(LEAVE)
    again = case.tell(JOIN)
    assert told_to(again) == [("report:2", "linked")]
    assert again[1].notice != first
    assert len(case.state.subscribers) == 1


def test_the_same_notice_of_two_cases_has_two_ids() -> None:
    one, other = Case(), Case()
    other.state = other.state.model_copy(update={"case": "case:other"})
    ids = [case.tell(JOIN)[1].notice for case in (one, other)]
    assert len(set(ids)) == 2


def test_what_was_linked_before_the_service_ran_is_not_told() -> None:
    assert said(Case(since=START + timedelta(days=1)).tell(JOIN)) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["linked", "unlinked"])
def test_it_is_said_in_both_languages(kind: Any, language: str) -> None:
    written = write(kind, language, "RECEIPT", "https://example.org/")
    assert "RECEIPT" in written.text
    assert "https://example.org/track#RECEIPT" in written.text
