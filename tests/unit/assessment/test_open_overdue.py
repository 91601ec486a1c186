"""What is open and overdue counts, whatever else there is (domain rule 6)."""

from hypothesis import given
from hypothesis import strategies as st

from assessment.domain.ledger import fold
from assessment.domain.on_time import counts
from assessment.domain.period import Period
from assessment.domain.scores import By
from tests.unit.assessment.course import HOUR, START, Story
from tests.unit.assessment.test_figures import JANUARY, MONTH, STEPS, figures, told

COURSES = st.lists(STEPS, max_size=3)
DUE = st.integers(0, int(MONTH) - 1)
"""Hours after the month began, within it."""

DUE_RATES = ("handled", "on_time", "closed")
CREDITED: list[tuple[By, str]] = [
    ("department", "urban"), ("grid", "district"), ("grid", "street0")
]  # fmt: skip
NONE = dict.fromkeys(DUE_RATES, (0, 0))


def left_open(due: int) -> Story:
    return Story("case:open", path="district street0").opened(due=due).assigned(due=due)


@given(COURSES, DUE)
def test_rule_6_each_open_overdue_case_is_due_and_never_on_time(
    courses: list[list[tuple[str, int, str]]], due: int
) -> None:
    stories = [told(number, steps) for number, steps in enumerate(courses)]
    for by, subject in CREDITED:
        before = figures(*stories, by=by).get(subject, NONE)
        after = figures(*stories, left_open(due), by=by)[subject]
        for rate in DUE_RATES:
            assert after[rate] == (before[rate][0], before[rate][1] + 1), rate


@given(COURSES, DUE, st.integers(1, 900))
def test_rule_6_leaving_a_case_open_looks_no_better_than_finishing_it_late(
    courses: list[list[tuple[str, int, str]]], due: int, late: int
) -> None:
    stories = [told(number, steps) for number, steps in enumerate(courses)]
    done = due + late
    finished = left_open(due).completed(done).passed(done).closed(done)
    left, late_done = figures(*stories, left_open(due)), figures(*stories, finished)
    assert left["urban"]["on_time"] == late_done["urban"]["on_time"]


@given(DUE, st.integers(0, int(MONTH)))
def test_rule_6_an_open_case_is_due_from_the_end_of_its_limit_on(due: int, now: int) -> None:
    at = START + now * HOUR
    running = Period(JANUARY.name, JANUARY.start, JANUARY.end, at)
    found = figures(left_open(due), period=running)["urban"]
    assert found["on_time"] == (0, int(due <= now))


@given(st.lists(DUE, max_size=5), DUE)
def test_rule_6_case_by_case_the_open_overdue_ones_are_counted(limits: list[int], now: int) -> None:
    rows = [
        row
        for number, due in enumerate(limits)
        for row in Story(f"case:{number}").opened(due=due).assigned(due=due).rows
    ]
    found = counts(fold(rows).cases, START + now * HOUR)
    overdue = sum(due < now for due in limits)
    assert (found["open_overdue"], found["open"]) == (overdue, len(limits) - overdue)
