"""Who withdraws is told nothing more, who leaves a contact later is told by it, and who wished a
case opened again is told what became of that."""

from typing import Any

import pytest

from case_contracts.events import notification as events
from case_contracts.events.dispatch import CaseVoided, ReopeningReferred, ReopeningRefused
from case_contracts.events.intake import ReportSupplemented, ReportWithdrawn
from notification.commands.reach_otherwise import ReachOtherwise
from notification.commands.tell_reporters import TellReporters
from notification.domain.texts import write
from notification.handlers import on_case, on_report
from service_kit.errors import NotYet
from tests.unit.notification.test_notices import Case

NO_ENVELOPE: Any = None


def told(case: Case, command: Any) -> list[tuple[str, str, str]]:
    return [(e.report, e.kind, e.channel) for e in case.tell(command) if hasattr(e, "notice")]


def withdrawn(report: str) -> Any:
    said = ReportWithdrawn.model_validate({**ReportWithdrawn.EXAMPLE, "report": report})
    return on_report.on_report_withdrawn(said, NO_ENVELOPE).command


def test_who_withdraws_is_told_nothing_more() -> None:
    case = Case()
    case.report("report:1", "inapp")
    case.report("report:2", "inapp")
    [cancelled] = case.tell(withdrawn("report:1"))
    assert (cancelled.report, cancelled.reason) == ("report:1", "withdrawn")
    assert told(case, TellReporters("closed")) == [("report:2", "closed", "inapp")]
    assert case.tell(ReachOtherwise("report:1", ("inapp", "email"))) == []


def test_a_contact_left_later_is_told_by_from_then_on() -> None:
    case = Case()
    case.report("report:1", "inapp")
    [again] = case.tell(ReachOtherwise("report:1", ("inapp", "email", "phone")))
    assert isinstance(again, events.SubscriptionCreated)
    assert again.channels == ("inapp", "email")
    assert [c for _, _, c in told(case, TellReporters("closed"))] == ["inapp", "email"]
    assert case.tell(ReachOtherwise("report:1", ("inapp", "email"))) == []


def test_words_alone_change_nothing_and_an_unknown_reporter_is_waited_for() -> None:
    words = ReportSupplemented.model_validate(ReportSupplemented.EXAMPLE)
    assert on_report.on_report_supplemented(words, NO_ENVELOPE) is None
    with pytest.raises(NotYet):
        Case().tell(ReachOtherwise("report:9", ("inapp", "email")))


@pytest.mark.parametrize(
    ("model", "translate", "kind"),
    [
        (ReopeningReferred, on_case.on_reopening_referred, "reopening_referred"),
        (ReopeningRefused, on_case.on_reopening_refused, "reopening_refused"),
    ],
)
def test_only_who_wished_it_is_told_the_answer(model: Any, translate: Any, kind: Any) -> None:
    case = Case()
    case.report("report:1", "inapp")
    case.report("report:2", "inapp")
    answer = model.model_validate({**model.EXAMPLE, "report": "report:2"})
    command = translate(answer, NO_ENVELOPE).command
    assert told(case, command) == [("report:2", kind, "inapp")]
    assert write(kind, "zh", "R", "http://x").text != write(kind, "en", "R", "http://x").text


def test_everybody_is_told_that_people_have_voided_the_case_and_nobody_of_what_they_know() -> None:
    case = Case()
    case.report("report:1", "inapp")
    case.report("report:2", "inapp")
    by_hand = CaseVoided.model_validate({**CaseVoided.EXAMPLE, "by": "p-1", "into": None})
    told_of = on_case.on_case_voided(by_hand, NO_ENVELOPE)
    assert told_of is not None
    assert told(case, told_of.command) == [
        ("report:1", "voided", "inapp"),
        ("report:2", "voided", "inapp"),
    ]
    assert all("R7" in write("voided", each, "R7", "http://x").text for each in ("zh", "en"))
    for known in ({"by": None, "into": None}, {"by": "p-1", "into": "case:2"}):
        other = CaseVoided.model_validate({**CaseVoided.EXAMPLE, **known})
        assert on_case.on_case_voided(other, NO_ENVELOPE) is None
