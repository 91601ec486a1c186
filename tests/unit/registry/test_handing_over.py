"""Hand-overs, the past that stays as it was, shifts, a person's service."""

from datetime import datetime
from typing import Any

import pytest

from case_contracts.district import Item
from case_contracts.events.registry import PostingEnded, PostingStarted
from registry.domain.kinds import KINDS
from registry.domain.people.dated import check_past, dated
from registry.domain.people.handing_over import Handing, handed
from registry.domain.people.service import service
from registry.domain.plan import plan_part
from registry.domain.record import standing
from registry.domain.step import Step
from service_kit.duty import local_time, on_duty
from service_kit.errors import Invalid, NotFound, Refused
from tests.unit.registry.posts import (
    HERE,
    T0,
    changed,
    codes,
    day,
    posting,
    published,
)
from tests.unit.registry.small import DISTRICT


def handing(**change: Any) -> Handing:
    given: dict[str, Any] = {
        "number": "5a1d",
        "from_posting": "posting:410101:1",
        "to_person": "p-5",
        "valid_from": day(30),
    }
    return Handing(**(given | change))


def test_a_post_goes_on_as_it_was() -> None:
    known = published()
    found = handed(handing(), known, day(1))
    done = plan_part(found.part, known, DISTRICT)
    assert (done.errors, done.warnings) == ([], [])
    old, new = found.old, found.new
    assert (new.role, new.grid, new.accountable, new.shifts) == (
        old.role, old.grid, old.accountable, old.shifts,
    )  # fmt: skip
    assert [type(e) for step in done.steps for e in step.events] == [PostingEnded, PostingStarted]
    [slip] = found.record(["case:1"]).events
    assert slip.model_dump(mode="json") | {"valid_from": None} == {
        "handover": "handover:5a1d", "grid": "410101", "role": "worker",
        "from_posting": old.posting, "from_person": "p-3", "to_posting": new.posting,
        "to_person": "p-5", "open_cases": ["case:1"], "valid_from": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"from_posting": "posting:none"}, NotFound),
        ({"valid_from": day(0.5)}, Refused),
        ({"to_person": "p-3"}, Invalid),
    ],
)
def test_a_hand_over_that_cannot_be(change: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        handed(handing(**change), published(), day(1))


def test_nobody_takes_over_while_in_another_exclusive_post() -> None:
    known = published()
    found = plan_part(handed(handing(to_person="p-4"), known, day(1)).part, known, DISTRICT)
    assert codes(found.errors) == ["two_exclusive_posts"]


def test_what_says_no_beginning_keeps_its_own_or_begins_now() -> None:
    known, kind = published(), KINDS["posting"]
    same = {"posting": "posting:410102:1", "person": "p-4", "role": "worker", "grid": "410102",
            "accountable": True}  # fmt: skip
    wanted = [same, same | {"accountable": False}, same | {"posting": "new"}, same | {"grid": 7}]
    found = dated(kind, [Item(origin=HERE, value=each) for each in wanted], known, day(5))
    begins = [raw.value["valid_from"] for raw in found]
    assert begins == [T0.isoformat(), *[day(5).isoformat()] * 3]


def test_the_past_of_what_was_there_stays_as_it_was() -> None:
    known = published()
    other = PostingStarted.model_validate(posting("p-9", "worker", "410101", 3,
                                                  name="posting:410101:1"))  # fmt: skip
    steps = [Step("posting:410101:1", (other,))]
    assert codes(list(check_past(steps, known, day(5)))) == ["past_changed"]
    assert list(check_past(steps, known, day(2))) == []
    assert list(check_past([Step("posting:new", (other,))], known, day(5))) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-05T00:00:00Z", True),  # Monday 08:00 in Shanghai
        ("2026-01-04T23:59:00Z", False),
        ("2026-01-05T10:00:00Z", False),  # 18:00, the end
        ("2026-01-10T01:00:00Z", False),  # Saturday
    ],
)
def test_shifts_are_wall_clock_times_of_the_zone(at: str, expected: bool) -> None:
    worker = PostingStarted.model_validate(PostingStarted.EXAMPLE)
    local = local_time(datetime.fromisoformat(at), "Asia/Shanghai")
    assert on_duty(worker, local) is expected
    assert not on_duty(worker.model_copy(update={"shifts": ()}), local)


def test_a_shift_until_midnight_lasts_to_the_end_of_the_day() -> None:
    night = PostingStarted.model_validate(
        PostingStarted.EXAMPLE
        | {"shifts": [{"weekdays": [1], "hours": {"start": "18:00", "end": "00:00"}}]}
    )
    assert on_duty(night, datetime(2026, 1, 5, 23, 59))  # noqa: DTZ001  a wall clock's time
    assert not on_duty(night, datetime(2026, 1, 6, 0, 0))  # noqa: DTZ001


@pytest.mark.parametrize("start", ["08:00Z", "08:00+08:00"])
def test_hours_have_no_zone_of_their_own(start: str) -> None:
    shift = {"weekdays": [1], "hours": {"start": start, "end": "18:00"}}
    [error] = changed(postings=[posting("p-9", "contact", "410101") | {"shifts": [shift]}]).errors
    assert (error.code, "wall-clock" in error.message) == ("field_invalid", True)


def test_a_service_file_is_in_order_of_time() -> None:
    known = published()
    found = handed(handing(), known, day(1))
    for step in plan_part(found.part, known, DISTRICT).steps:
        known.setdefault(step.aggregate, []).extend(step.events)
    spans = [s for name, said in known.items() if name.startswith("posting:")
             for s in standing(KINDS["posting"], said)]  # fmt: skip
    lines = service("p-3", spans)
    assert [(line.kind, line.since, line.until) for line in lines] == [("posting", T0, day(30))]
    assert [line.since for line in service("p-5", spans)] == [day(30)]
