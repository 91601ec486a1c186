"""A report that comes where a case is open already."""

from dataclasses import replace
from typing import Any

import pytest

from case_contracts.events.intake import Likeness, Recorded
from case_contracts.values import About, Point
from intake.domain.duplicates import Near
from service_kit.store import Occurred
from tests.support.small_district import OUTSIDE
from tests.unit.intake.test_commands import REPORTS, WORLD, context, receive

SURE = Near("case:there", Likeness(metres=2, hours=1, score=0.95), certain=True, reporter="r-9")
UNSURE = replace(SURE, certain=False)


def happened(**change: Any) -> list[Any]:
    command = replace(receive(), **change)
    decision = REPORTS.decide(REPORTS.initial("report:1"), command, context())
    return [each.data if isinstance(each, Occurred) else each for each in decision]


def names(**change: Any) -> list[str]:
    return [event.SPEC.name for event in happened(**change)]


def test_by_rule_it_is_linked_and_opens_no_case() -> None:
    received, linked = happened(near=SURE)
    assert (received.filing, linked.by, linked.from_case) == (None, None, None)
    assert (linked.case, linked.reporter, linked.reachable) == ("case:there", "r-9", ("inapp",))
    state = REPORTS.initial("report:1")
    for event in (received, linked):
        state = REPORTS.evolve(state, event)
    assert state.in_case == "case:there"


def test_where_a_person_is_to_say_it_opens_its_case_meanwhile() -> None:
    received, asked = happened(near=UNSURE)
    assert received.filing is not None
    assert (asked.case, asked.to_case) == ("case:1", "case:there")


@pytest.mark.parametrize("near", [SURE, UNSURE])
@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        ({"about": About(kind="department", id="um")}, ["report.received"]),
        ({"recorded": Recorded()}, ["report.received"]),
        ({"point": Point(**OUTSIDE)}, ["report.received", "report.rejected"]),
        ({"matter": ""}, ["report.received", "triage.requested"]),
    ],
)
def test_what_keeps_its_own_case_or_opens_none_is_not_linked(
    near: Near, change: dict[str, Any], becomes: list[str]
) -> None:
    assert names(near=near, **change) == becomes


def test_nothing_near_is_as_ever() -> None:
    assert names() == ["report.received"]
    assert WORLD.rules.duplicate("part/a/b") is not None
