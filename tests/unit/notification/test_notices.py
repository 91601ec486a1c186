"""Who is told what, by which channel, and how often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events import notification as events
from case_contracts.events.base import EventData
from case_contracts.events.intake import ReportReceived
from notification.commands.aggregate import NoticeAggregate, id_of
from notification.commands.hear_report import HearReport
from notification.commands.record_sending import RecordSending
from notification.commands.tell_reporters import TellReporters
from notification.domain.state import Kind
from notification.domain.texts import write
from notification.domain.world import World
from service_kit.errors import NotYet
from service_kit.store import Actor, Context

START = datetime(2026, 1, 5, tzinfo=UTC)
CASE = ReportReceived.EXAMPLE["case"]
AGGREGATE = NoticeAggregate()


class Case:
    """The notices of a case that is told one thing after the other."""

    def __init__(self, *, email: bool = True, since: datetime = START) -> None:
        self.state = AGGREGATE.initial(id_of(CASE))
        self.world = World(since=since, email=email)

    def tell(self, command: object) -> list[Any]:
        context = Context(START, lambda noun: noun, self.world, "cause", "corr", Actor("test"))
        told: list[Any] = []
        for event in AGGREGATE.decide(self.state, command, context):
            assert isinstance(event, EventData)
            self.state = AGGREGATE.evolve(self.state, event)
            told.append(event)
        return told

    def report(
        self, report: str = "report:1", *reachable: str, at: datetime = START, **changes: Any
    ) -> list[Any]:
        raw = {**ReportReceived.EXAMPLE, "report": report, "reachable": reachable, **changes}
        return self.tell(HearReport(ReportReceived.model_validate(raw), at))


def said(told: list[Any]) -> list[tuple[str, str, str]]:
    return [(type(e).__name__, e.kind, e.channel) for e in told if hasattr(e, "notice")]


def test_a_reporter_is_told_by_every_channel_they_left() -> None:
    told = Case().report("report:1", "inapp", "email")

    assert isinstance(told[0], events.SubscriptionCreated)
    assert said(told) == [
        ("NoticeSent", "received", "inapp"),
        ("NoticeQueued", "received", "email"),
    ]


def test_without_a_mail_server_an_email_fails_at_once() -> None:
    (_, failed) = Case(email=False).report("report:1", "email")

    assert isinstance(failed, events.NoticeFailed)
    assert failed.reason == "no_smtp"


def test_whoever_cannot_be_reached_is_told_nothing_and_waited_for_by_nobody() -> None:
    case = Case()

    assert said(case.report("report:1")) == []
    assert case.tell(TellReporters("closed")) == []


def test_nobody_is_told_of_imported_history() -> None:
    case = Case()

    told = case.report("report:1", "inapp", "email", recorded={"closed_at": None})

    assert said(told) == []
    assert case.tell(TellReporters("assigned")) == []


def test_an_old_report_is_no_news_but_its_closing_is() -> None:
    case = Case()

    assert said(case.report("report:1", "inapp", at=START - timedelta(seconds=1))) == []
    assert said(case.tell(TellReporters("closed"))) == [("NoticeSent", "closed", "inapp")]


def test_what_happens_to_a_case_waits_for_its_report() -> None:
    case = Case()

    with pytest.raises(NotYet):
        case.tell(TellReporters("closed"))
    case.report("report:2", "inapp")
    with pytest.raises(NotYet):
        case.tell(TellReporters("rejected", "report:1"))


def test_everybody_who_reported_it_is_told_in_their_own_way() -> None:
    case = Case()
    case.report("report:1", "inapp")
    case.report("report:2", "email")

    told = case.tell(TellReporters("closed"))

    assert [(e.report, e.channel) for e in told] == [("report:1", "inapp"), ("report:2", "email")]


def test_one_reporters_rejection_is_theirs_alone() -> None:
    case = Case()
    case.report("report:1", "inapp")
    case.report("report:2", "inapp")

    assert [e.report for e in case.tell(TellReporters("rejected", "report:2"))] == ["report:2"]


def test_each_closing_is_news_an_assignment_once_and_never_after_the_closing() -> None:
    case = Case()
    case.report("report:1", "inapp")
    kinds: tuple[Kind, ...] = ("closed", "assigned", "reopened", "closed")

    told = [e.notice for kind in kinds for e in case.tell(TellReporters(kind))]

    here = CASE.removeprefix("case:")
    assert told == [
        f"notice:report:1:{here}:closed:1:inapp",
        f"notice:report:1:{here}:reopened:1:inapp",
        f"notice:report:1:{here}:closed:2:inapp",
    ]


def test_an_assignment_is_told_once() -> None:
    case = Case()
    case.report("report:1", "inapp", "email")

    assert len(case.tell(TellReporters("assigned"))) == 2
    assert case.tell(TellReporters("assigned")) == []


def test_the_first_word_on_an_email_is_the_last() -> None:
    case = Case()
    _, queued = case.report("report:1", "email")
    assert AGGREGATE.fields(case.state)["waiting"] is True

    (sent,) = case.tell(RecordSending(queued.notice))

    assert isinstance(sent, events.NoticeSent)
    assert case.tell(RecordSending(queued.notice, "refused_by_server")) == []
    assert "waiting" not in AGGREGATE.fields(case.state)


COMMANDS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["report:1", "report:2", "report:3"]),
            st.lists(st.sampled_from(["inapp", "email"]), unique=True),
        ),
        st.sampled_from(["assigned", "closed", "reopened"]),
    ),
    max_size=12,
)


@given(COMMANDS)
def test_no_notice_is_there_twice_and_none_by_a_way_that_was_not_left(course: list[Any]) -> None:
    case, left, notices = Case(), dict[str, list[str]](), list[str]()
    for step in course:
        if isinstance(step, tuple):
            left.setdefault(step[0], step[1])
            told = case.report(step[0], *step[1])
        elif left:
            told = case.tell(TellReporters(step))
        else:
            continue
        notices += [e.notice for e in told if hasattr(e, "notice")]
        assert all(e.channel in left[e.report] for e in told if hasattr(e, "notice"))

    assert len(set(notices)) == len(notices)


@pytest.mark.parametrize("kind", ["received", "rejected", "assigned", "closed", "reopened"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_notice_names_the_receipt_and_links_to_it(kind: Kind, language: str) -> None:
    written = write(kind, language, "RECEIPT", "https://city.example/")

    assert "https://city.example/track#RECEIPT" in written.text
    assert "$" not in written.text + written.subject
    assert written.text.isascii() == (language == "en")
