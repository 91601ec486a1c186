"""The seven steps from what happened, in whatever order it is told."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.intake import ReportReceived, Said
from intake.domain.labels import REJECTIONS, STEPS
from intake.domain.progress import Happened, Kind, Progress, Step, progress_of
from intake.domain.report import Rating, ReportState

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
SAID = Said.model_validate(
    {**ReportReceived.EXAMPLE, "report": "report:1", "case": "case:1", "reported_at": START}
)
REPORT = ReportState(report="report:1", said=SAID)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def happened(kind: Kind, minutes: int, due: int | None = None) -> Happened:
    return Happened(kind, at(minutes), at(due) if due is not None else None)


def way(*rows: Happened, report: ReportState = REPORT) -> Progress:
    return progress_of(report, at(1), rows)


ASSIGNED, DONE = happened(Kind.ASSIGNED, 2, due=60), happened(Kind.DONE, 30)
CLOSED = happened(Kind.CLOSED, 40)


def test_received_and_not_yet_filed() -> None:
    assert progress_of(REPORT, None, []).step is Step.FILING


def test_each_step() -> None:
    told = (ASSIGNED, DONE, CLOSED)
    steps = [way(*told[:count]).step for count in range(4)]

    assert steps == [Step.DISPATCH, Step.HANDLING, Step.VERIFICATION, Step.ASSESSMENT]


def test_rework_goes_back_to_handling_with_its_own_limit() -> None:
    again = happened(Kind.ASSIGNED, 35, due=90)
    found = way(ASSIGNED, happened(Kind.OVERDUE, 60), DONE, again)

    assert (found.step, found.due_at) == (Step.HANDLING, at(90))


def test_overdue_until_the_next_handler() -> None:
    late = happened(Kind.OVERDUE, 60)

    assert way(ASSIGNED, late).overdue
    assert not way(ASSIGNED, late, happened(Kind.ASSIGNED, 70, due=120)).overdue


def test_closed_says_whether_it_was_late() -> None:
    late = Happened(Kind.CLOSED, at(90), at(60), on_time=False)
    without_limit = Happened(Kind.CLOSED, at(90), None, on_time=None)

    assert way(ASSIGNED, late).overdue
    assert not way(without_limit).overdue


def test_asking_another_to_check_the_same_work_does_not_make_it_done_later() -> None:
    found = way(ASSIGNED, DONE, happened(Kind.DONE, 500))

    assert (found.passed[Step.HANDLING], found.step) == (at(30), Step.VERIFICATION)


def test_reopened_is_not_closed() -> None:
    found = way(ASSIGNED, DONE, CLOSED, happened(Kind.REOPENED, 50))

    assert (found.step, found.closed_at) == (Step.HANDLING, None)


def test_a_vote_counts_for_the_closing_before_it() -> None:
    voted = REPORT.model_copy(update={"rating": Rating(solved=True, score=5, at=at(45))})
    closed_again = (happened(Kind.REOPENED, 50), happened(Kind.CLOSED, 60))

    assert way(CLOSED, report=voted).passed[Step.ASSESSMENT] == at(45)
    assert Step.ASSESSMENT not in way(CLOSED, *closed_again, report=voted).passed


rows = st.lists(
    st.builds(
        Happened,
        kind=st.sampled_from(Kind),
        at=st.integers(0, 500).map(at),
        due_at=st.none() | st.integers(0, 500).map(at),
        on_time=st.none() | st.booleans(),
        report=st.sampled_from([None, "report:1", "report:2"]),
    ),
    max_size=12,
    unique_by=lambda h: (h.at, h.kind),
)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(told: list[Happened], chance: random.Random) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)

    assert way(*shuffled) == way(*told)


@given(rows)
def test_no_later_step_is_passed_before_the_present_one_but_by_a_vote(told: list[Happened]) -> None:
    found = way(*told)
    steps = list(Step)
    later = set(steps[steps.index(found.step) + 1 :])

    assert found.step not in found.passed
    assert (found.closed_at is not None) == (Step.VERIFICATION in found.passed)
    assert not later & set(found.passed) or Kind.DONE in {h.kind for h in told}


def test_everything_shown_has_both_languages() -> None:
    assert set(STEPS) == set(Step)
    for text in (*STEPS.values(), *REJECTIONS.values()):
        assert text.zh != text.en
