"""What each indicator counts, and what it does not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.domain.ledger import COUNTED, fold
from assessment.domain.on_time import counts, standing
from assessment.domain.period import Period
from assessment.domain.rows import Kind
from assessment.domain.scores import By, Figure, behind, scores
from assessment.reading import formula
from tests.unit.assessment.course import HOUR, START, Story

MONTH = 31 * 24.0
JANUARY = Period("2026-01", START, START + MONTH * HOUR, START + 2 * MONTH * HOUR)


def figures(
    *stories: Story, period: Period = JANUARY, by: By = "department"
) -> dict[str, dict[str, tuple[int, int]]]:
    ledger = fold(row for story in stories for row in story.rows)
    found = scores(ledger, formula(), period, by)
    return {
        subject: {f.indicator: (f.numerator, f.denominator) for f in each}
        for subject, each in found.items()
    }


def urban(*stories: Story, period: Period = JANUARY) -> dict[str, tuple[int, int]]:
    return figures(*stories, period=period)["urban"]


def test_done_in_time_and_verified_counts_everywhere() -> None:
    story = Story().opened(due=48).assigned(due=24).completed(20).passed(30).closed(30)

    assert urban(story) == {
        "handled": (1, 1),
        "on_time": (1, 1),
        "closed": (1, 1),
        "routed_right": (1, 1),
        "rework": (0, 1),
        "found_first": (0, 1),
    }


def test_found_first_are_the_cases_that_patrol_opened() -> None:
    patrol = Story("case:a").opened(due=48, code="found-first").assigned(due=24)
    recorded = (
        Story("case:b", task="task:2").opened(due=48, code="recorded found-first").assigned(due=24)
    )
    told = Story("case:c", task="task:3").opened(due=48).assigned(due=24)

    assert urban(patrol, recorded, told)["found_first"] == (2, 3)


def test_rule_6_an_open_overdue_task_is_in_the_denominator() -> None:
    found = urban(Story().opened(due=48).assigned(due=24))

    assert found["on_time"] == found["handled"] == found["closed"] == (0, 1)


def test_rule_1_a_slow_verifier_makes_no_handler_late() -> None:
    story = Story().opened(due=100).assigned(due=24).completed(23).passed(90).closed(90)

    assert urban(story)["on_time"] == (1, 1)


def test_nobody_is_late_while_time_stands_still() -> None:
    story = Story().opened(due=48).assigned(due=24).paused(20, 100).paused(20, 100, "case")

    assert urban(story.completed(90).passed(95).closed(95))["on_time"] == (1, 1)


@pytest.mark.parametrize(("done", "expected"), [(110, (1, 1)), (112, (0, 1))])
def test_a_limit_that_was_moved_ends_where_the_ledger_says(
    done: float, expected: tuple[int, int]
) -> None:
    story = Story().opened(due=48).assigned(due=24).paused(20, 200).paused(20, 200, "case")
    story.moved(100, 104).moved(100, 130, "case").moved(101, 111)

    found = urban(story.completed(done).passed(112).closed(112))

    assert (found["on_time"], found["closed"]) == (expected, (1, 1))


def test_completed_but_not_verified_is_not_handled() -> None:
    assert urban(Story().opened().assigned(due=24).completed(20))["handled"] == (0, 1)


def test_done_late_is_handled_and_not_on_time() -> None:
    found = urban(Story().opened().assigned(due=24).completed(25).passed(26))

    assert (found["handled"], found["on_time"]) == ((1, 1), (0, 1))


def test_without_a_limit_nothing_is_due() -> None:
    found = urban(Story().opened().assigned().completed(20).passed(30).closed(30))

    assert found["handled"] == found["on_time"] == found["closed"] == (0, 0)
    assert found["routed_right"] == (1, 1)


@pytest.mark.parametrize(("returned", "due"), [(10, (0, 0)), (30, (0, 1))])
def test_what_was_returned_before_its_limit_is_not_due_for_who_returned_it(
    returned: float, due: tuple[int, int]
) -> None:
    story = Story().opened().assigned(due=24).returned(returned)
    story.assigned(returned, due=returned + 24, to="department:water").completed(40).passed(41)

    found = figures(story)

    assert found["urban"]["handled"] == due
    assert found["urban"]["routed_right"] == (0, 1)
    assert found["water"]["handled"] == found["water"]["routed_right"] == (1, 1)


def test_the_limit_decides_the_month_not_the_work() -> None:
    story = Story().opened(due=MONTH).assigned(due=MONTH).completed(3).passed(4).closed(4)

    found = urban(story)

    assert found["handled"] == found["closed"] == (0, 0)
    assert found["rework"] == (0, 1)


def test_a_limit_that_has_not_ended_yet_is_not_due_in_a_running_month() -> None:
    running = Period(JANUARY.name, JANUARY.start, JANUARY.end, START + 10 * HOUR)

    assert urban(Story().opened().assigned(due=24), period=running)["handled"] == (0, 0)


def test_rework_counts_failures_and_reopenings_by_the_work_done() -> None:
    story = Story().opened(due=200).assigned(due=24).completed(20).failed(21)
    story.assigned(21, due=45).completed(40).passed(41).closed(41).reopened(50)

    found = urban(story)

    assert found["rework"] == (2, 2)
    assert found["on_time"] == (1, 2)
    assert found["closed"] == (0, 1)


def test_a_voided_case_counts_in_nothing() -> None:
    voided = Story().opened(due=5).assigned(due=5).completed(3).add(Kind.VOIDED, 4)
    ledger = fold(voided.rows)
    assert not any(list(ledger.counted(name)) for name in COUNTED)


def test_a_case_that_was_opened_again_after_it_was_void_counts_again() -> None:
    story = Story().opened(due=5).assigned(due=5).add(Kind.VOIDED, 2).add(Kind.REOPENED, 3)
    assert len(fold(story.rows).cases) == 1
    assert fold(story.add(Kind.VOIDED, 4).rows).cases == []


def test_a_recorded_closing_counts_as_verified() -> None:
    story = Story().opened(due=48).assigned(due=24).completed(20).closed(20, code="recorded")

    assert urban(story)["on_time"] == (1, 1)


def test_a_grid_counts_all_below_it_and_posts_only_there() -> None:
    story = Story(handler="post:worker").opened().assigned(due=24).completed(20).passed(21)
    other = Story(case="case:2", path="district elsewhere").opened().assigned(due=24)

    found = figures(story, other, by="grid")

    assert found["district"]["handled"] == (1, 2)
    assert found["street"]["handled"] == found["grid"]["handled"] == (1, 1)
    assert list(figures(story)) == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["assigned", "completed", "passed", "failed", "returned", "closed", "reopened"]
        ),
        st.integers(0, 1500),
        st.sampled_from(["department:urban", "department:water", "post:worker"]),
    ),
    max_size=12,
)


def told(number: int, steps: list[tuple[str, int, str]]) -> Story:
    story = Story(case=f"case:{number}", path=f"district street{number % 2}").opened(due=100)
    for name, at, handler in steps:
        if name == "assigned":
            story.assigned(at, due=at + 24, to=handler)
        else:
            getattr(story, name)(at)
    return story


@given(st.lists(STEPS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_order_and_repetition_of_events_change_no_figure(
    courses: list[list[tuple[str, int, str]]], shuffle: random.Random
) -> None:
    rows = [row for n, steps in enumerate(courses) for row in told(n, steps).rows]
    mixed = [*rows, *rows[::2]]
    shuffle.shuffle(mixed)

    for by in ("department", "grid"):
        kind: By = "grid" if by == "grid" else "department"
        assert scores(fold(rows), formula(), JANUARY, kind) == scores(
            fold(mixed), formula(), JANUARY, kind
        )


@given(st.lists(STEPS, min_size=1, max_size=4))
def test_rule_6_every_figure_is_the_sum_of_the_events_behind_it(
    courses: list[list[tuple[str, int, str]]],
) -> None:
    rows = [row for n, steps in enumerate(courses) for row in told(n, steps).rows]
    ledger = fold(rows)
    known = {row.event for row in rows}
    for subject, found in scores(ledger, formula(), JANUARY, "grid").items():
        for indicator, figure in zip(formula().indicators, found, strict=True):
            counted = behind(ledger, indicator, JANUARY, "grid", subject)
            assert figure == Figure(
                indicator.code,
                sum(c.numerator for c in counted),
                sum(c.denominator for c in counted),
            )
            assert all(c.events and set(c.events) <= known for c in counted)


def test_on_time_case_by_case() -> None:
    rows = [
        *Story("case:1").opened(due=24).completed(20).closed(30).rows,
        *Story("case:2").opened(due=24).completed(25).closed(30).rows,
        *Story("case:3").opened().completed(25).closed(30).rows,
        *Story("case:4").opened(due=24).rows,
        *Story("case:5").opened(due=99).rows,
    ]
    now = START + 50 * HOUR
    courses = sorted(fold(rows).cases, key=lambda c: c.case)

    assert [standing(c, now) for c in courses] == [
        "on_time", "late", "without_limit", "open_overdue", "open"
    ]  # fmt: skip
    assert set(counts(courses, now).values()) == {1}
