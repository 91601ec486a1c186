"""The timeline shows every event, in both languages, and never a reporter."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import dispatch
from case_contracts.catalogue import CATALOGUE
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import Trigger
from dispatch.domain.labels import CODES, EVENTS, ROLES, of_code
from dispatch.views.timeline import FACTS, LIMITS, NEVER, STATEMENTS, WHO, WHY, entry, time_of
from service_kit.store.model import StoredEvent

SOURCE = Path(dispatch.__file__).parent
MODELS = [s.model for s in CATALOGUE.values() if s.owner == "dispatch" and s.aggregate == "case"]
CODE = re.compile(r"^[a-z]+(_[a-z]+)*$")
TAKES_A_REASON = {"stop_clock", "revoke", "ask_another", "refuse", "Answered", "Need"}
"""Functions that are given a code by position."""

OTHERS = {"knowledge_changed", "rules_changed", "bad_cursor", "unknown_grid", "no_such_month"}
"""Codes of requests about lists, figures and published texts, which no case's timeline has."""

every_model = pytest.mark.parametrize("model", MODELS, ids=lambda m: m.SPEC.name)


def shown(model: type[EventData], **change: object) -> dict[str, object]:
    event = model.model_validate({**model.EXAMPLE, **change})
    stored = StoredEvent(
        "e-1", event.SPEC.type, 7, datetime(2026, 1, 5, tzinfo=UTC), event.model_dump(mode="json")
    )
    return entry(stored).model_dump(mode="json")


def test_every_event_of_a_case_has_a_label_and_no_other() -> None:
    assert {model.SPEC.name for model in MODELS} == set(EVENTS)


@every_model
def test_every_field_is_judged(model: type[EventData]) -> None:
    lists = (FACTS, NEVER, set(WHO), set(WHY), set(STATEMENTS))
    times = {time_of(model.model_validate(model.EXAMPLE))}
    for field in set(model.model_fields) - times:
        assert sum(field in each for each in lists) == 1, f"{field}: put it on one of the lists"


@every_model
def test_at_most_one_field_says_when(model: type[EventData]) -> None:
    times = [f for f in model.model_fields if f.endswith("_at") and f not in LIMITS]
    assert len(times) <= 1


@every_model
def test_an_entry_never_names_a_report_or_who_made_it(model: type[EventData]) -> None:
    said: dict[str, object] = {
        name: "report:secret" for name in ("report", "by_report") if name in model.model_fields
    }
    if model.SPEC.name == "case.received":
        said |= {"by": "p-secret", "receiver": "p-secret"}
    if model.SPEC.name == "task.assigned":
        said["reasons"] = [{"code": "rework", "refers_to": "report:secret"}]
    assert "secret" not in str(shown(model, **said))


def codes_in_the_source() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            named = [k.value for k in call.keywords if k.arg in ("code", "reason")]
            placed = list(call.args) if name in TAKES_A_REASON else []
            for value in (*named, *placed):
                if isinstance(value, ast.Constant) and CODE.match(str(value.value)):
                    yield str(value.value), path.name


def test_no_code_is_without_a_label() -> None:
    missing = {c: where for c, where in codes_in_the_source() if c not in CODES}
    assert {c: w for c, w in missing.items() if c not in OTHERS} == {}
    assert {str(t) for t in Trigger} <= set(CODES)


def test_labels_differ_and_exist_in_both_languages() -> None:
    for label in (*EVENTS.values(), *ROLES.values(), *CODES.values()):
        assert re.search(r"[\u4e00-\u9fff]", label.zh)
        assert not re.search(r"[\u4e00-\u9fff]", label.en)


def test_a_code_that_somebody_made_up_stands_for_itself() -> None:
    assert of_code("road_is_closed").en == "road_is_closed"


def test_the_exact_time_and_not_that_of_writing_is_shown() -> None:
    by_name = {model.SPEC.name: model for model in MODELS}
    overdue = shown(by_name["task.overdue"])
    assert overdue["at"] == "2026-01-05T03:12:30Z"
    assert shown(by_name["task.progressed"])["at"] == "2026-01-05T00:00:00Z"
