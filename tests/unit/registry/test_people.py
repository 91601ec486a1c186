"""Who may hold which post; teams, secondments, contact groups, hand-overs: the rules."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.district import DistrictError, DistrictPart, Item, Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import PostingEnded, PostingStarted
from case_contracts.events.registry import Span as Range
from registry.domain.kinds import KINDS
from registry.domain.people.dated import check_past, dated
from registry.domain.people.duty import local_time, on_duty
from registry.domain.people.ending import ending
from registry.domain.people.handing_over import Handing, handed
from registry.domain.people.service import service
from registry.domain.plan import Plan, judge, plan, plan_part
from registry.domain.record import standing
from registry.domain.step import Step
from registry.domain.validation.draft import Placed
from registry.domain.validation.posts import clashes
from registry.domain.validation.teams import first_breach
from service_kit.errors import Invalid, NotFound, Refused
from service_kit.validity import END
from tests.unit.registry.small import DISTRICT, bundle, edited

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HERE = Origin(file="request")
ROLES = """\
roles:
- {role: worker, name: {zh: 网格员, en: Worker}, exclusive: true}
- {role: leader, name: {zh: 网格长, en: Leader}, exclusive: true}
- {role: contact, name: {zh: 联系员, en: Contact}}
team:
  unit: {least: 1, most: 2}
departments:
"""
FILES = edited("district.yaml", "departments:\n", ROLES)
FILES = edited("district.yaml", "2026-01-01T00:00:00+08:00", "2026-01-01T00:00:00Z", FILES)
HOUSEHOLDS = edited("grids/unit.geojson", '"name_zh":"410101"',
                    '"households":100,"name_zh":"410101"', FILES)  # fmt: skip


def day(number: float) -> datetime:
    return T0 + timedelta(days=number)


def published(files: dict[str, str] | None = None) -> dict[str, list[EventData]]:
    """What a load of the district says."""
    found = plan(bundle(files or HOUSEHOLDS), {}, DISTRICT)
    assert not found.errors
    return {step.aggregate: list(step.events) for step in found.steps}


def changed(
    known: dict[str, list[EventData]] | None = None, **things: list[dict[str, Any]]
) -> Plan:
    """A part of the district is to be as said."""
    items: dict[str, Any] = {
        name: [Item(origin=Origin(file=name, line=n), value=each) for n, each in enumerate(several)]
        for name, several in things.items()
    }
    return plan_part(DistrictPart(**items), known or published(), DISTRICT)


def posting(person: str, role: str, grid: str, since: float = 0, until: float | None = None,
            name: str | None = None) -> dict[str, Any]:  # fmt: skip
    return {
        "posting": name or f"posting:{grid}:{person}", "person": person, "role": role,
        "grid": grid, "valid_from": day(since).isoformat(),
        "valid_to": None if until is None else day(until).isoformat(),
    }  # fmt: skip


def codes(found: list[DistrictError]) -> list[str]:
    return [each.code for each in found]


def test_a_role_that_the_district_does_not_list_is_refused() -> None:
    [error] = changed(postings=[posting("p-9", "driver", "410101")]).errors
    assert (error.code, error.hint) == ("role_unknown", "the roles are contact, leader, worker")
    assert plan(bundle(), {}, DISTRICT).errors == [], "without a list any role will do"


def test_two_exclusive_posts_at_a_time_name_both() -> None:
    [error] = changed(postings=[posting("p-3", "leader", "4101", since=5)]).errors
    assert error.code == "two_exclusive_posts"
    assert "posting:410101:1" in error.message
    assert "posting:4101:p-3" in error.message
    assert error.origin == Origin(file="postings", line=0)


@pytest.mark.parametrize(
    ("role", "since"), [("contact", 5.0), ("leader", 40.0)], ids=["not exclusive", "afterwards"]
)
def test_other_posts_beside_or_after_an_exclusive_one_are_allowed(role: str, since: float) -> None:
    known = published()
    known["posting:410101:1"].append(PostingEnded(posting="posting:410101:1", valid_to=day(40)))
    assert changed(known, postings=[posting("p-3", role, "4101", since)]).errors == []


def test_a_team_out_of_range_is_a_warning() -> None:
    more = [posting("p-8", "contact", "410101", 5), posting("p-9", "contact", "410101", 9)]
    [warning] = changed(postings=more).warnings
    assert warning.code == "team_too_large"
    assert "3 people" in warning.message
    assert day(9).isoformat() in warning.message
    end = [Step("posting:410102:1", (PostingEnded(posting="posting:410102:1", valid_to=day(9)),))]
    found = codes(judge(end, published(), DISTRICT).warnings)
    assert sorted(found) == ["nobody_accountable", "team_incomplete"]


SECONDMENT: dict[str, Any] = {
    "secondment": "secondment:roads:1", "person": "p-7", "department": "roads", "grid": "4101",
    "powers": ["repair"], "legal_basis": "decision 3", "approved_by": ["p-1", "p-2"],
    "valid_from": day(0).isoformat(), "valid_to": day(90).isoformat(),
}  # fmt: skip


def second(**change: Any) -> Plan:
    return changed(secondments=[SECONDMENT | change])


def test_a_secondment_needs_powers_of_its_department_on_that_ground() -> None:
    assert second().errors == []
    [error] = second(powers=["repair", "penalise"]).errors
    assert (error.code, "penalise" in error.message) == ("power_not_held", True)
    [error] = second(department="water", powers=["inspect"], grid="41").errors
    assert error.code == "power_not_held", "its charter is for a part of that ground"
    assert second(department="water", powers=["inspect"], grid="410101").errors == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"approved_by": ["p-1", "p-1"]}, "approvers_same"),
        ({"grid": "4199"}, "grid_unknown"),
        ({"department": "none"}, "department_unknown"),
        ({"valid_to": day(-1).isoformat()}, "validity_empty"),
    ],
)
def test_a_secondment_that_is_wrong(change: dict[str, Any], code: str) -> None:
    assert code in codes(second(**change).errors)


def test_a_power_that_ends_with_its_charter_is_a_warning() -> None:
    files = edited("charters.yaml", "  role: lead\n", f"  role: lead\n  valid_to: '{day(30)}'\n",
                   HOUSEHOLDS)  # fmt: skip
    found = changed(published(files), secondments=[SECONDMENT])
    assert (codes(found.errors), codes(found.warnings)) == ([], ["power_runs_out"])


GROUP: dict[str, Any] = {
    "group": "contact_group:1", "grid": "410101", "person": "p-3", "households": 18,
    "valid_from": day(0).isoformat(),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "errors", "warnings"),
    [
        ({}, [], []),
        ({"households": 9}, [], ["group_size"]),
        ({"households": 31}, [], ["group_size"]),
        ({"households": 101}, ["group_exceeds_grid"], ["group_size"]),
        ({"person": "p-4"}, ["contact_without_post"], []),
        ({"grid": "4199"}, ["grid_unknown"], []),
    ],
)
def test_a_contact_group(change: dict[str, Any], errors: list[str], warnings: list[str]) -> None:
    found = changed(contact_groups=[GROUP | change])
    assert (codes(found.errors), codes(found.warnings)) == (errors, warnings)


def test_contact_groups_together_have_no_more_households_than_the_grid() -> None:
    groups = [GROUP | {"group": f"contact_group:{n}", "households": 30} for n in range(4)]
    assert codes(changed(contact_groups=groups).warnings) == ["groups_exceed_grid"]


def test_a_contact_may_be_posted_above_and_leaving_is_a_warning() -> None:
    known = published()
    assert changed(known, postings=[posting("p-8", "leader", "41")]).errors == []
    both = {"postings": [posting("p-8", "leader", "41", until=50)],
            "contact_groups": [GROUP | {"person": "p-8"}]}  # fmt: skip
    found = changed(known, **both)
    assert (codes(found.errors), codes(found.warnings)) == ([], ["contact_leaves"])


def test_an_end_is_for_good_and_never_in_the_past() -> None:
    kind, said = KINDS["posting"], published()["posting:410101:1"]
    assert ending(kind, said, None, day(5)) == [
        PostingEnded(posting="posting:410101:1", valid_to=day(5))
    ]
    with pytest.raises(Refused, match="cannot be ended"):
        ending(kind, said, day(4), day(5))
    with pytest.raises(Refused, match="ended already"):
        ending(kind, [*said, PostingEnded(posting="posting:410101:1", valid_to=day(3))], None,
               day(5))  # fmt: skip
    with pytest.raises(NotFound):
        ending(kind, [], None, day(5))


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


TERMS = st.lists(
    st.tuples(st.sampled_from(["p-a", "p-b"]), st.integers(0, 30), st.integers(1, 12)), max_size=7
)


@given(TERMS)
def test_exactly_the_clashes_that_brute_force_finds(terms: list[tuple[str, int, int]]) -> None:
    held = [
        Placed(HERE, PostingStarted.model_validate(
            posting(person, "worker", "410101", start, start + length, f"posting:{n}")))
        for n, (person, start, length) in enumerate(terms)
    ]  # fmt: skip
    for person in ("p-a", "p-b"):
        own = [each for each in held if each.data.person == person]
        found = {frozenset((a.data.posting, b.data.posting)) for a, b in clashes(own)}
        brute = {
            frozenset((a.data.posting, b.data.posting))
            for a in own for b in own
            if a.data.posting != b.data.posting
            and any(_holds(a.data, d) and _holds(b.data, d) for d in range(45))
        }  # fmt: skip
        assert found == brute


@given(TERMS)
def test_never_two_exclusive_posts_whatever_is_asked_for(terms: list[tuple[str, int, int]]) -> None:
    """Changes one after another, each applied unless it is refused."""
    known = published()
    for n, (person, start, length) in enumerate(terms):
        wanted = posting(person, "leader", "4101", start, start + length, f"posting:{n % 3}")
        found = changed(known, postings=[wanted])
        if not found.errors:
            for step in found.steps:
                known.setdefault(step.aggregate, []).extend(step.events)
    spans = [
        (name, s) for name, said in known.items() if name.startswith("posting:")
        for s in standing(KINDS["posting"], said)
    ]  # fmt: skip
    for d in range(45):
        holding = [s.data.person for _, s in spans if s.valid(day(d + 0.5))]  # type: ignore[attr-defined]  # all are postings
        assert len(holding) == len(set(holding))
        names = [name for name, s in spans if s.valid(day(d + 0.5))]
        assert len(names) == len(set(names)), "one posting has one holder at a time"


@given(TERMS)
def test_the_first_breach_of_a_team_is_the_first(terms: list[tuple[str, int, int]]) -> None:
    posted = [
        PostingStarted.model_validate(posting(person, "worker", "410101", start, start + length))
        for person, start, length in terms
    ]
    wanted = Range(least=1, most=1)
    counts = [len({p.person for p in posted if _holds(p, d)}) for d in range(46)]
    breach = next((d for d, count in enumerate(counts) if count != 1), None)
    found = first_breach(posted, wanted, T0, END)
    assert found == (None if breach is None else (day(breach), counts[breach]))


def _holds(post: PostingStarted, number: int) -> bool:
    return post.valid_from <= day(number) < (post.valid_to or END)
