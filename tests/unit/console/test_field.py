"""The field pages' rules: what waits in which order, what can be reported, what forms say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from console.domain.app_shell import NAMES, Shell, manifest
from console.domain.centre import centre
from console.domain.draft import Draft
from console.domain.names import Names
from console.domain.services import Service
from console.settings import PACKAGE
from console.views.case_told import Action
from console.views.field_day import forms, in_order, missing, work_of
from console.views.field_matters import groups, split
from console.views.field_steps import Step, told
from console.views.field_told import Case, Posting, Round
from console.views.field_visits import targets, visited

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
ME = "p-000017"
NAMED = {"zh": "名", "en": "name"}


def case(status: str = "assigned", **more: Any) -> Case:
    known = {
        "case": "case:1", "status": status, "matter": "part/utilities/manhole-cover",
        "condition": "missing", "grid": "410199", "reported_at": NOW,
        "task": {"id": "task:1", "handler": {"id": "posting:1", "person": ME}},
    }  # fmt: skip
    return Case.model_validate({**known, **more})


def due_in(hours: int, name: str, *, late: bool = False) -> Case:
    task = {"id": "t", "handler": {"id": "x", "person": ME},
            "due_at": NOW + timedelta(hours=hours), "overdue": late}  # fmt: skip
    return case(case=name, task=task)


@pytest.mark.parametrize(
    ("status", "more", "what"),
    [
        ("assigned", {}, "handle"),
        ("verifying", {"verification": {"verifier": {"id": "v", "person": ME}}}, "verify"),
        ("unplaced", {"task": None}, "place"),
        ("assigned", {"task": {"id": "t", "handler": {"id": "works"}}}, "look"),
        (
            "assigned",
            {
                "task": {"id": "t", "handler": {"id": "works"}},
                "alerted": [{"id": "y", "person": ME}],
            },
            "emergency",
        ),
    ],
)
def test_what_a_case_waits_for(status: str, more: dict[str, Any], what: str) -> None:
    assert work_of(case(status, **more), ME, NOW).what == what


def test_what_is_late_comes_first_then_what_is_due() -> None:
    cases = [due_in(9, "c"), case(case="e"), due_in(-1, "a", late=True), due_in(1, "b")]
    found = in_order(work_of(each, ME, NOW) for each in cases)
    assert [each.case.case for each in found] == ["a", "b", "c", "e"]


def test_lateness_is_what_dispatch_has_said() -> None:
    found = work_of(due_in(-1, "a"), ME, NOW)
    assert found.due is not None
    assert not found.due.late


def test_only_forms_of_possible_steps_are_there() -> None:
    def action(step: str, *, possible: bool) -> Action:
        return Action.model_validate(
            {
                "step": step,
                "label": NAMED,
                "possible": possible,
                "yours": True,
                "why": [],
                "whose": [],
            }
        )

    said = [action("complete_task", possible=True), action("verify", possible=False),
            action("press", possible=True)]  # fmt: skip
    assert forms(said) == ["complete"]


def a_round(target: str, missing_: int) -> Round:
    return Round.model_validate(
        {"round_name": NAMED, "kind": "routine", "target": target, "grid": "g1", "households": None,
         "expected": 3, "done": 3 - missing_, "missing": missing_, "due_at": None,
         "overdue": False, "last_visit": None}
    )  # fmt: skip


def test_who_has_had_all_visits_is_left_out() -> None:
    assert [each.target for each in missing([a_round("a", 0), a_round("b", 1)])] == ["b"]


def test_whom_one_visits_is_there_once_groups_first() -> None:
    posts = [Posting(posting="p", grid="g1", role="worker")]
    found = targets([a_round("contact_group:g1:1", 1), a_round("g1", 1)], posts)
    assert [each.value for each in found] == ["group|contact_group:g1:1|g1", "grid|g1|g1"]


def service(code: str, group: str) -> Service:
    return Service(code, "井盖", "", group, "manhole", asks=True)


def test_matters_stay_in_the_standards_order_with_their_conditions() -> None:
    names = Names(conditions={("part/a/b", "missing"): {"zh": "缺失", "en": "Missing"}})
    found = groups([service("part_a_b", "部件"), service("other", "其他")], names, "zh")
    assert [each.name for each in found] == ["部件", "其他"]
    assert [each.value for each in found[0].tiles[0].choices] == ["part/a/b|missing"]
    assert [each.value for each in found[1].tiles[0].choices] == ["other|"]
    assert "缺失" in found[0].tiles[0].words


def test_what_no_matter_fits_is_left_to_a_reviewer() -> None:
    assert split("part/a/b|missing") == {"matter": "part/a/b", "condition": "missing"}
    assert split("part/a/b|") == {"matter": "part/a/b"}
    assert split("other|") == {}


@pytest.mark.parametrize(
    ("step", "form", "route", "body"),
    [
        ("take", {}, "take", {}),
        (
            "complete",
            {"answer": " done "},
            "completion",
            {"taskid": "task:1", "evidence": ["e"], "answer": "done"},
        ),
        ("return", {"reason": "not_ours", "proposed": ""}, "return", {"reason": "not_ours"}),
        (
            "extension",
            {"reason": "weather", "hours": "8"},
            "relief",
            {"reason": "weather", "limit": {"amount": 8, "unit": "working_hours"}},
        ),
        (
            "verify",
            {"passed": "yes", "confirms": "yes", "reason": "not_done"},
            "verification",
            {"passed": True, "evidence": ["e"], "confirms": True},
        ),
        (
            "verify",
            {"passed": "no", "reason": "not_done"},
            "verification",
            {"passed": False, "evidence": ["e"], "reason": "not_done"},
        ),
        ("place", {"grid": "g1"}, "place", {"grid": "g1"}),
    ],
)
def test_what_dispatch_is_told(
    step: Step, form: dict[str, str], route: str, body: dict[str, Any]
) -> None:
    said = told(step, form, case(), ["e"])
    assert (said.route, said.body) == (route, body)


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("verify", {}),
        ("verify", {"passed": "no"}),
        ("return", {"reason": "<b>"}),
        ("extension", {"reason": "weather", "hours": "1e9"}),
        ("extension", {"reason": "weather", "hours": "0"}),
        ("place", {"grid": " "}),
    ],
)
def test_a_form_that_says_too_little_is_refused(step: Step, form: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        told(step, form, case(), [])


def test_a_place_goes_with_a_visit_only_where_that_was_chosen() -> None:
    draft = Draft(lon="113.6", lat="34.6", key="id", phone="110")
    form = {"target": "grid|g1|g1", "kind": "care", "service": "service/errands/form"}
    body = visited(form, ["medical"], draft, "zh", (1.0, 2.0))
    assert "point" not in body
    assert (body["grid"], body["topics"]) == ("g1", ["medical"])
    assert body["services"] == [
        {
            "matter": "service/errands/form",
            "language": "zh",
            "contact": {"phone": "110"},
            "point": {"lon": 1.0, "lat": 2.0},
        }
    ]
    assert visited({**form, "here": "yes"}, [], draft, "zh", (1.0, 2.0))["point"] == {
        "lon": 113.6,
        "lat": 34.6,
    }


def test_the_middle_of_a_grid() -> None:
    square = [[[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]
    assert centre({"type": "MultiPolygon", "coordinates": [square]}) == (1.0, 0.5)


def test_the_kept_files_are_a_new_set_when_any_of_them_changes() -> None:
    away = {"zh": "/a", "en": "/b"}
    assert Shell(["/static/1/a.js"], away).version != Shell(["/static/2/a.js"], away).version


def test_everything_that_the_field_pages_load_is_kept() -> None:
    templates = (PACKAGE / "templates").rglob("field_*.html")
    source = "".join(each.read_text("utf-8") for each in templates)
    base = (PACKAGE / "templates/staff/base.html").read_text("utf-8")
    loaded = {part.split("'")[0] for part in (source + base).split("static('")[1:]}
    assert loaded - set(NAMES) == set()


def test_the_app_starts_where_it_may_keep_pages() -> None:
    said = manifest("掌上网格", "网格", "zh-CN", "/staff/field?lang=zh", {"192x192": "/i.png"})
    assert said["start_url"].startswith(said["scope"])
    assert said["icons"][0]["sizes"] == "192x192"
