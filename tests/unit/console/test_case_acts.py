"""Forms of a case: every step of people has one, and dispatch takes what it sends."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.routing import APIRoute
from pydantic import BaseModel

from console.domain.case_acts import ACTS, BY_STEP, ELSEWHERE, Act, Field
from console.domain.case_bodies import Unsaid, body_of, path_of
from console.views.case_shown import PEOPLE, offers
from console.views.case_told import Action
from dispatch.api import actions, bulk, ends, relief, rulings, services, supervise, work
from dispatch.commands.aggregate import EVERY

ZONE = ZoneInfo("Asia/Shanghai")
KNOWN = {"case": "case:1", "taskid": "task:1", "asked": "request:1"}
TAKEN = {
    (path, method): route
    for module in (actions, bulk, ends, relief, rulings, services, supervise, work)
    for route in module.router.routes if isinstance(route, APIRoute)
    for path in [route.path] for method in route.methods or ()
}  # fmt: skip


def filled(act: Act) -> dict[str, Sequence[str]]:
    """The form with everything said."""
    found: dict[str, Sequence[str]] = {}
    for field in act.fields:
        found |= _said(field)
    return found


def _said(field: Field) -> Mapping[str, Sequence[str]]:
    if field.kind == "limit":
        return {f"{field.name}_amount": ["4"], f"{field.name}_unit": ["working_hours"]}
    one = {
        "words": "words", "yes": "yes", "until": "2026-01-06T09:00", "tick": "yes",
        "papers": "copy:id-card\ncopy:proof", "slip": "slip:1",
    }  # fmt: skip
    value = field.options[0] if field.options else one.get(field.kind, f"{field.kind}:1")
    return {field.name: [value]}


def taken_by(act: Act) -> type[BaseModel]:
    """The model of dispatch's body."""
    body = TAKEN[act.path, "POST"].body_field
    assert body is not None
    model: Any = body.field_info.annotation
    return model  # type: ignore[no-any-return]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.step)
def test_dispatch_takes_what_the_form_sends(act: Act) -> None:
    sent = filled(act)
    if act.step == "reassign":
        del sent["post"]
    body = body_of(act, sent, ZONE, KNOWN)
    taken = taken_by(act).model_validate(body).model_dump(exclude_unset=True)
    assert taken.keys() == body.keys()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.step)
def test_what_is_needed_must_be_said_and_the_rest_may_be_left_out(act: Act) -> None:
    for field in act.fields:
        sent = {name: said for name, said in filled(act).items() if not name.startswith(field.name)}
        if field.needed:
            with pytest.raises(Unsaid) as left_out:
                body_of(act, sent, ZONE, KNOWN)
            assert left_out.value.name == field.name
        elif field.kind != "tick":
            assert field.name not in body_of(act, sent, ZONE, KNOWN)


def test_every_step_of_people_has_a_form_or_a_page() -> None:
    people = {step.name for step in EVERY if {who.value for who in step.who} & PEOPLE}
    assert people == set(BY_STEP) | set(ELSEWHERE)


@pytest.mark.parametrize("bad", ["", "../x", "a b", "slip:1/../../y", "?", "."])
def test_a_path_is_not_led_astray(bad: str) -> None:
    with pytest.raises(Unsaid):
        path_of(BY_STEP["answer_slip"], {"slip": [bad]}, KNOWN)
    assert path_of(BY_STEP["decide_relief"], {}, KNOWN) == "/cases/case:1/relief/request:1"


@pytest.mark.parametrize(
    ("amount", "unit"), [("x", "hours"), ("0", "hours"), ("nan", "hours"), ("4", "years")]
)
def test_a_limit_is_an_amount_of_a_unit(amount: str, unit: str) -> None:
    sent = {"reason": ["parts_ordered"], "limit_amount": [amount], "limit_unit": [unit]}
    with pytest.raises(Unsaid):
        body_of(BY_STEP["extend"], sent, ZONE, KNOWN)


def test_for_one_case_what_is_done_to_many() -> None:
    body = body_of(BY_STEP["extend"], filled(BY_STEP["extend"]), ZONE, KNOWN)
    assert bulk.Bulk.model_validate(body).cases == ("case:1",)


def action(step: str, *, possible: bool, who: str = "supervisor") -> Action:
    text = {"zh": step, "en": step}
    return Action.model_validate({
        "step": step, "label": text, "possible": possible, "yours": possible, "why": [],
        "whose": [{"who": who, "label": text}],
    })  # fmt: skip


def test_a_possible_step_without_a_form_is_shown_all_the_same() -> None:
    found = offers(
        [
            action("dance", possible=True),
            action("press", possible=True),
            action("rule", possible=True, who="arbiter"),
            action("lapse", possible=False, who="timer"),
            action("verify", possible=False, who="verifier"),
        ],
        "case:1",
    )
    assert [(each.told.step, each.act is not None, each.at) for each in found.open] == [
        ("rule", False, "/staff/cases/case:1/ruling"),
        ("press", True, None),
        ("dance", False, None),
    ]
    assert [each.step for each in found.closed] == ["verify"]
