"""To whom a case goes: by the level of its matter, and in an emergency to everybody on duty."""

from dataclasses import replace
from typing import Any

import pytest

from case_contracts.events import dispatch as events
from case_contracts.events.dispatch import LevelRule
from case_contracts.events.registry import MatterAdmitted, StandardPublished
from case_contracts.values import About, Hours, Shift
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.take import Take
from dispatch.commands.verify import Verify
from dispatch.domain.admissions import build_admissions
from dispatch.domain.supervision import DEFAULT, Supervision
from dispatch.domain.territory import Territory
from dispatch.domain.waits import waits
from dispatch.domain.world import World, build_standards
from service_kit.errors import NotFound, Refused
from service_kit.postings import build_postings
from tests.unit.dispatch.district import (
    ADMITTED,
    FROM,
    LITTER,
    MANHOLE,
    PATHS,
    POSTINGS,
    QUARREL,
    Desk,
    filed,
    grid,
    post,
    standard,
    world,
)
from tests.unit.dispatch.test_way_of_a_case import said

LEVELS = {"d": "district", "c": "community", "u1": "unit", "u2": "unit"}
WORKDAY = Shift.model_validate(
    {"weekdays": [1, 2, 3, 4, 5], "hours": {"start": "08:00", "end": "18:00"}}
)
NIGHT = Shift(
    weekdays=WORKDAY.weekdays, hours=Hours.model_validate({"start": "18:00", "end": "00:00"})
)


def levelled(level: str, *matters: str) -> World:
    rules = DEFAULT.model_copy(update={"levels": (LevelRule(matters=matters, level=level),)})
    grids = [grid(code).model_copy(update={"level": LEVELS[code]}) for code in PATHS]
    return replace(world(), supervision=Supervision(rules), territory=Territory(grids))


def handler(known: World, **change: Any) -> tuple[str | None, list[str]]:
    desk = Desk()
    desk.world = known
    desk.do(OpenCase(filed(**change)))
    assigned = desk.last(events.TaskAssigned)
    return assigned.handler.person or assigned.handler.id, [r.code for r in assigned.reasons]


@pytest.mark.parametrize(
    ("level", "person"), [("unit", "p-w1"), ("community", "p-lead"), ("district", "p-boss")]
)
def test_where_no_department_leads_it_falls_to_the_level_of_its_matter(
    level: str, person: str
) -> None:
    found, reasons = handler(levelled(level, "event/*"), matter=LITTER)
    assert found == person
    assert ("level_of_matter" in reasons) == (level != "unit")


def test_the_first_rule_that_fits_counts_and_a_charter_comes_before() -> None:
    known = levelled("district", "dispute/*", "part/*")
    assert handler(known, matter=QUARREL)[0] == "p-boss"
    assert handler(known, matter=LITTER)[0] == "p-w1"
    assert handler(known, matter=MANHOLE)[0] == "um"


def test_a_case_that_lies_higher_than_the_level_stays_where_it_lies() -> None:
    known = levelled("unit", "event/*")
    assert handler(known, matter=LITTER, grid="c", grid_path=["d"])[0] == "p-lead"


def test_where_nobody_is_posted_at_the_level_or_above_somebody_below_has_it() -> None:
    only = build_postings([post("p-w1", "worker", "u1")])
    known = replace(levelled("community", "event/*"), postings=only)
    assert handler(known, matter=LITTER)[0] == "p-w1"


def urgent(*posts: Any, admitted: bool = True) -> World:
    """Everything is urgent; ``posts`` beside those of the district, who have no shifts."""
    found = standard().model_dump(mode="json")
    for matter in found["matters"]:
        matter["conditions"][0]["urgent"] = True
    admissions = [ADMITTED, MatterAdmitted(
        matter=MANHOLE, proposed_by="um", reviewed_by="p-2", valid_from=FROM
    )]  # fmt: skip
    return replace(
        world(),
        standards=build_standards([StandardPublished.model_validate(found)]),
        postings=build_postings([*POSTINGS, *posts]),
        admissions=build_admissions(admissions if admitted else []),
    )


def on_duty(person: str, role: str, where: str, shift: Shift = WORKDAY) -> Any:
    return post(person, role, where).model_copy(update={"shifts": (shift,), "accountable": False})


TEAM = (
    on_duty("p-a", "worker", "u1"),
    on_duty("p-b", "leader", "c"),
    on_duty("p-night", "worker", "u1", NIGHT),
    on_duty("p-other", "worker", "u2"),
    on_duty("p-top", "leader", "d"),
)


def emergency(known: World | None = None, **change: Any) -> Desk:
    desk = Desk()
    desk.world = known or urgent(*TEAM)
    desk.do(OpenCase(filed(**change)))
    return desk


def test_an_emergency_goes_at_once_to_every_post_on_duty_in_the_grid_and_its_parent() -> None:
    desk = emergency()
    alerted = desk.last(events.EmergencyAlerted)
    assert [p.person for p in alerted.posts] == ["p-a", "p-b"]
    assigned = desk.last(events.TaskAssigned)
    assert assigned.handler.id == "um"
    assert [r.code for r in assigned.reasons] == ["charter_lead", "emergency_alerted"]
    assert desk.steps == 1, "in the same commit as the assignment"


def test_rule_8_no_matter_reaches_a_worker_unless_admitted_not_even_in_an_emergency() -> None:
    desk = emergency(urgent(*TEAM, admitted=False))
    assert [p.person for p in desk.last(events.EmergencyAlerted).posts] == ["p-b"]
    assert "matter_not_admitted" in [r.code for r in desk.last(events.TaskAssigned).reasons]


def test_whom_it_complains_of_is_not_alerted() -> None:
    desk = emergency(about=About(kind="person", id="p-b"))
    assert "p-b" not in [p.person for p in desk.state.alerted]


def test_that_nobody_is_on_duty_is_said() -> None:
    desk = emergency(urgent())
    assert desk.state.alerted == ()
    assert "nobody_on_duty" in [r.code for r in desk.last(events.TaskAssigned).reasons]


def test_whichever_of_them_takes_it_first_is_the_handler() -> None:
    desk = emergency()
    with pytest.raises(NotFound):
        desk.do(Take("p-other"))
    assert desk.do(Take("p-b"))[0] == "task.revoked"
    assigned = desk.last(events.TaskAssigned)
    assert (assigned.handler.person, assigned.reasons[0].code) == ("p-b", "emergency_taken")
    with pytest.raises(Refused) as second:
        desk.do(Take("p-a"))
    assert second.value.code == "already_taken"


def test_what_a_department_has_accepted_is_not_taken_from_it() -> None:
    desk = emergency()
    desk.do(said(desk, "accept"))
    with pytest.raises(Refused) as refused:
        desk.do(Take("p-a"))
    assert refused.value.code == "already_accepted"


def test_rework_stays_with_whoever_took_it() -> None:
    desk = emergency(matter=LITTER)
    desk.do(Take("p-b"))
    task = desk.state.task
    assert task is not None
    desk.do(CompleteTask("p-b", task.id, ("evidence:1",)))
    asked = desk.state.verification
    assert asked is not None
    assert asked.verifier is not None
    desk.do(Verify(asked.verifier.person or "", passed=False))
    with pytest.raises(Refused):
        desk.do(Take("p-a"))
    desk.do(Reassign("p-boss"))
    assert desk.do(Take("p-a"))[0] == "task.revoked"


def test_it_waits_at_the_desk_of_everybody_alerted_until_somebody_has_come() -> None:
    desk = emergency()
    assert [w.desk for w in waits(desk.state) if w.what == "emergency"] == [
        "person:p-a", "person:p-b",
    ]  # fmt: skip
    desk.do(Take("p-a"))
    assert not [w for w in waits(desk.state) if w.what == "emergency"]
