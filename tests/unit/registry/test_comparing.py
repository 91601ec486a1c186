"""What two versions of a standard differ in, in words."""

from typing import Any

from hypothesis import given, settings

from case_contracts.events.registry import StandardPublished
from registry.domain.comparing import Comparison, compare
from tests.unit.registry.standards import small_standard, standards


def edited(matter: int, condition: int, **changes: Any) -> StandardPublished:
    content = small_standard(version=2).model_dump(mode="json")
    content["matters"][matter]["conditions"][condition] |= changes
    return StandardPublished.model_validate(content)


@settings(max_examples=50, deadline=None)
@given(standards())
def test_a_version_does_not_differ_from_itself(standard: StandardPublished) -> None:
    assert compare(standard, standard) == Comparison([], [], [], [], [])


@settings(max_examples=50, deadline=None)
@given(standards(), standards())
def test_the_way_back_is_the_way_there_turned_round(
    one: StandardPublished, other: StandardPublished
) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there.matters_added == back.matters_removed
    assert there.matters_removed == back.matters_added
    assert sorted(map(str, there.conditions_added)) == sorted(map(str, back.conditions_removed))
    assert sorted((c.matter, c.condition or "", c.field) for c in there.changes) == sorted(
        (c.matter, c.condition or "", c.field) for c in back.changes
    )


def test_a_changed_limit_is_said_in_both_languages() -> None:
    after = edited(0, 1, handle={"amount": 1, "unit": "working_days"})
    [change] = compare(small_standard(), after).changes
    assert (change.matter, change.condition, change.field) == (
        "part/roads/pothole", "wide", "handle",
    )  # fmt: skip
    assert (change.before.zh, change.after.zh) == ("5个工作日", "1个工作日")
    assert (change.before.en, change.after.en) == ("5 working days", "1 working day")
    assert change.words.zh == "坑洞·wide中：处置时限由“5个工作日”改为“1个工作日”"
    assert "limit for handling changed from '5 working days' to '1 working day'" in change.words.en


def test_each_field_that_can_change_is_seen() -> None:
    other = {"zh": "别的", "en": "Other"}
    after = edited(
        1, 0, name=other, verify={"amount": 1.5, "unit": "hours"}, closing=other,
        evidence=["signed-agreement"], urgent=True, handle=None,
    )  # fmt: skip
    changes = compare(small_standard(), after).changes
    assert [c.field for c in changes] == [
        "name", "handle", "verify", "closing", "evidence", "urgent",
    ]  # fmt: skip
    assert [c.after.en for c in changes] == [
        "Other", "none", "1.5 hours", "Other", "signed-agreement", "yes",
    ]  # fmt: skip


def test_what_came_and_went() -> None:
    before, after = small_standard(), small_standard(version=2).model_dump(mode="json")
    new = {**after["matters"][1], "code": "event/street/noise"}
    gone = after["matters"][0]["conditions"].pop()
    after["matters"][0]["default_condition"] = None
    found = compare(
        before, StandardPublished.model_validate({**after, "matters": [after["matters"][0], new]})
    )
    assert [m.matter for m in found.matters_added] == ["event/street/noise"]
    assert [m.matter for m in found.matters_removed] == ["event/street/litter"]
    assert [c.condition for c in found.conditions_removed] == [gone["code"]]
    assert [(c.field, c.after.zh) for c in found.changes] == [("default_condition", "无")]
