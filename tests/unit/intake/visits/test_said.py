"""What the API says of visits: valid examples, labels for everything, no room for profiles."""

from typing import Any

import pytest
from pydantic import BaseModel

from case_contracts.events.intake import RoundKind, RoundPer, Topic, VisitKind
from intake.api.checkins import CheckinIn
from intake.api.round_schemas import DueRow, Ending, RoundIn
from intake.api.visit_schemas import VisitIn
from intake.domain.visit_labels import PERIODS, ROUND_KINDS, TOPICS, VISIT_KINDS

FORBIDDEN = ("opinion", "belief", "petition", "association", "religio", "stability", "rating")


@pytest.mark.parametrize("model", [CheckinIn, VisitIn, RoundIn, Ending])
def test_every_example_is_valid(model: type[BaseModel]) -> None:
    examples = model.model_json_schema()["examples"]

    assert examples
    for example in examples:
        model.model_validate(example)


@pytest.mark.parametrize(
    ("codes", "labels"),
    [(VisitKind, VISIT_KINDS), (Topic, TOPICS), (RoundKind, ROUND_KINDS), (RoundPer, PERIODS)],
)
def test_everything_has_a_label(codes: Any, labels: dict[Any, Any]) -> None:
    assert set(codes) == set(labels)


def test_no_topic_and_no_field_is_about_what_people_think_or_are() -> None:
    words = [*Topic, *VisitKind, *VisitIn.model_fields]
    assert [word for word in words if any(part in word for part in FORBIDDEN)] == []


def test_what_is_due_is_told_of_groups_and_grids_and_never_of_persons() -> None:
    """Contacts are named so that they know; nothing is counted by them."""
    assert set(DueRow.model_fields) == {
        "round", "round_name", "kind", "target", "grid", "contacts", "households", "expected",
        "done", "missing", "due_at", "overdue", "last_visit", "period_from", "period_to",
    }  # fmt: skip
