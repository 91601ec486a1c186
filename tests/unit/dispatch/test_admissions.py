"""What a grid worker may be sent, after admissions and withdrawals in any order; and a case that
keeps the standard it was filed under."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from case_contracts.catalogue import CATALOGUE
from case_contracts.envelope import Envelope
from case_contracts.events.base import EventData
from case_contracts.events.registry import MatterAdmitted, MatterWithdrawn, StandardPublished
from case_contracts.generate.schemas import envelope_example
from case_contracts.values import Versioned
from dispatch.domain.admissions import Admissions, build_admissions
from dispatch.domain.world import build_standards
from dispatch.subscriptions import SUBSCRIPTIONS
from service_kit.events.subscriptions import Mirror
from service_kit.validity import END, overlay
from tests.unit.dispatch.district import FROM, LITTER


def day(number: int) -> datetime:
    return FROM + timedelta(days=number)


def admitted(start: int, end: int | None = None) -> MatterAdmitted:
    until = None if end is None else day(end)
    return MatterAdmitted(
        matter=LITTER, proposed_by="um", reviewed_by="p-2", valid_from=day(start), valid_to=until
    )


def withdrawn(end: int) -> MatterWithdrawn:
    return MatterWithdrawn(matter=LITTER, valid_to=day(end))


def mirrored(events: list[EventData]) -> Admissions:
    """As dispatch keeps them: of one key the newest, read in the order of their numbers."""
    kept: dict[str, tuple[int, EventData]] = {}
    example = envelope_example(CATALOGUE["matter.admitted.v1"])
    subject = Envelope.model_validate({**example, "subject": f"matter:{LITTER}"})
    for number, event in enumerate(events):
        [entry] = SUBSCRIPTIONS.of(event.SPEC.type)
        assert isinstance(entry, Mirror)
        kept[f"{event.SPEC.type}|{entry.key(event, subject)}"] = number, event
    return build_admissions(event for _, event in sorted(kept.values(), key=lambda row: row[0]))


def test_a_withdrawn_matter_can_be_admitted_again() -> None:
    found = mirrored([admitted(0), withdrawn(10), admitted(20)])
    assert [found.allows(LITTER, day(n)) for n in (-1, 5, 10, 15, 20, 99)] == [
        False, True, False, False, True, True,
    ]  # fmt: skip


def test_withdrawn_twice_is_withdrawn_each_time() -> None:
    found = mirrored([admitted(0), withdrawn(10), admitted(20), withdrawn(30)])
    assert [found.allows(LITTER, day(n)) for n in (5, 15, 25, 35)] == [True, False, True, False]


def test_an_end_is_kept_and_other_matters_are_not_concerned() -> None:
    found = mirrored([admitted(0, 10)])
    assert not found.allows(LITTER, day(10))
    assert not found.allows("event/appearance/other", day(5))


decisions = st.one_of(
    st.tuples(st.integers(0, 20), st.one_of(st.none(), st.integers(1, 10))).map(
        lambda t: admitted(t[0], None if t[1] is None else t[0] + t[1])
    ),
    st.integers(0, 20).map(withdrawn),
)


def _beginning(event: EventData) -> object:
    return event.valid_from if isinstance(event, MatterAdmitted) else id(event)


@given(st.lists(decisions, max_size=8, unique_by=_beginning))
def test_rule_8_what_is_allowed_is_what_stands_in_the_registry(events: list[EventData]) -> None:
    """Unique beginnings: the registry publishes nothing else."""
    stands = overlay(
        (e, e.valid_from, e.valid_to or END)
        if isinstance(e, MatterAdmitted)
        else (None, e.valid_to, END)
        for e in events
        if isinstance(e, MatterAdmitted | MatterWithdrawn)
    )
    found = mirrored(events)
    for n in range(35):
        assert found.allows(LITTER, day(n)) == any(span.valid(day(n)) for span in stands)


def test_a_new_version_leaves_the_cases_of_the_old_one_alone() -> None:
    first = StandardPublished.model_validate(StandardPublished.EXAMPLE)
    matter = first.matters[0]
    shorter = {"handle": {"amount": 1, "unit": "hours"}}
    second = StandardPublished.model_validate(
        first.model_dump()
        | {
            "version": 2,
            "calendar": {"id": "lanhe-work", "version": 2},
            "matters": [
                matter.model_dump() | {"conditions": [matter.conditions[0].model_dump() | shorter]}
            ],
        }
    )
    standards = build_standards([first, second])
    pinned = Versioned(id=first.standard, version=1)
    code = matter.code, matter.conditions[0].code

    assert standards.condition(pinned, *code) == matter.conditions[0]
    assert standards.calendar(pinned).version == 1
    newer = standards.condition(Versioned(id=first.standard, version=2), *code)
    assert newer.handle is not None
    assert newer.handle.amount == 1
