"""Who is free to have to do with a complaint, and who is not."""

from datetime import UTC, datetime

import pytest

from case_contracts.events.registry import (
    PortfolioAssigned,
    PostingStarted,
    SecondmentEnded,
    SecondmentStarted,
)
from case_contracts.values import About
from service_kit.conflict import Conflict
from service_kit.postings import build_postings
from service_kit.ties import Ties, build_portfolios, build_secondments

FROM, NOW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)
ENDED, LATER = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
PATHS = {"d": (), "s": ("d",), "c": ("d", "s"), "u": ("d", "s", "c"), "u2": ("d", "s", "c")}


def post(person: str, grid: str, *, accountable: bool = True) -> PostingStarted:
    return PostingStarted(
        posting=f"posting:{grid}:{person}", person=person, role="leader", grid=grid,
        accountable=accountable, valid_from=FROM,
    )  # fmt: skip


def seconded(person: str, department: str, grid: str) -> SecondmentStarted:
    return SecondmentStarted(
        secondment=f"secondment:{person}", person=person, department=department, grid=grid,
        powers=("inspect",), legal_basis="decision", approved_by=("p-1", "p-2"),
        valid_from=FROM, valid_to=LATER,
    )  # fmt: skip


POSTS = [
    post("head", "d"), post("aide", "d", accountable=False), post("street", "s"),
    post("leader", "c"), post("deputy", "c", accountable=False), post("worker", "u"),
    post("volunteer", "u", accountable=False), post("both", "u2"), post("both", "d"),
    post("inspector", "s", accountable=False),
]  # fmt: skip
SECONDED = [
    seconded("inspector", "roads", "c"),
    seconded("returned", "roads", "c"),
    SecondmentEnded(secondment="secondment:returned", valid_to=ENDED),
]
PORTFOLIO = PortfolioAssigned(
    portfolio="portfolio:head", person="head", departments=("water",), grid="d", valid_from=FROM
)
TIES = Ties(
    build_postings(POSTS), build_secondments(SECONDED), build_portfolios([PORTFOLIO]), PATHS
)
EVERYBODY = {post.person for post in POSTS} | {"returned", "stranger"}


def free(kind: str, subject: str) -> set[str]:
    conflict = Conflict(About(kind=kind, id=subject), TIES, NOW)
    return {person for person in EVERYBODY if conflict.person_is_free(person)}


@pytest.mark.parametrize(
    ("kind", "subject", "not_free"),
    [
        ("grid", "u", {"worker", "volunteer"}),
        ("grid", "c", {"leader", "deputy", "worker", "volunteer", "both", "inspector"}),
        ("grid", "d", EVERYBODY - {"stranger", "returned"}),
        ("department", "roads", {"inspector"}),
        ("department", "water", set()),
        ("person", "worker", {"worker", "volunteer"}),
        ("person", "volunteer", {"volunteer"}),
        ("person", "deputy", {"deputy", "worker", "volunteer", "both"}),
        ("person", "leader", {"leader", "deputy", "worker", "volunteer", "both", "inspector"}),
        ("person", "head", EVERYBODY - {"stranger", "returned", "both"} | {"both"}),
        ("person", "stranger", {"stranger"}),
    ],
)
def test_neither_they_nor_those_under_them(kind: str, subject: str, not_free: set[str]) -> None:
    assert EVERYBODY - free(kind, subject) == not_free


def test_without_a_complaint_everybody_is_free() -> None:
    conflict = Conflict(None, TIES, NOW)
    assert all(map(conflict.person_is_free, EVERYBODY))
    assert conflict.department_is_free("roads")


@pytest.mark.parametrize(
    ("kind", "subject", "department", "expected"),
    [
        ("department", "roads", "roads", False),
        ("department", "roads", "water", True),
        ("person", "head", "water", False),
        ("person", "head", "roads", True),
        ("person", "worker", "water", True),
        ("grid", "d", "water", True),
    ],
)
def test_departments(kind: str, subject: str, department: str, expected: bool) -> None:
    conflict = Conflict(About(kind=kind, id=subject), TIES, NOW)
    assert conflict.department_is_free(department) is expected
    assert conflict.hides_from("stranger", department) is not expected


def test_who_has_left_is_free_again() -> None:
    about = About(kind="department", id="roads")
    assert Conflict(about, TIES, NOW).person_is_free("returned")
    assert not Conflict(about, TIES, FROM).person_is_free("returned")
