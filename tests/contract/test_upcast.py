"""Older versions of an event, read today: in an isolated catalogue, for none is released yet."""

from copy import deepcopy
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from case_contracts import upcast as public
from case_contracts.catalogue import CATALOGUE, UnknownEvent, parse
from case_contracts.events.base import EventData, EventSpec, event
from case_contracts.events.upcasters import UPCASTERS, BadEventType, Data, Upcasters

SPECS: dict[str, EventSpec] = {}
STEPS = Upcasters()


@event("drain.blocked", owner="intake", aggregate="drain", version=3, specs=SPECS)
class DrainBlocked(EventData):
    """Version 3: depth in millimetres, and who saw it."""

    depth_mm: int
    seen_by: str

    EXAMPLE: ClassVar[dict[str, Any]] = {"depth_mm": 20, "seen_by": "p-1"}


@STEPS.register("drain.blocked", since=1)
def to_millimetres(data: Data) -> Data:
    data["depth_mm"] = data.pop("depth_cm") * 10
    return data


@STEPS.register("drain.blocked", since=2)
def with_observer(data: Data) -> Data:
    return {**data, "seen_by": data.get("seen_by", "unknown")}


def test_a_version_1_payload_is_read_as_version_3() -> None:
    read = parse("drain.blocked.v1", {"depth_cm": 2}, specs=SPECS, upcasters=STEPS)

    assert read == DrainBlocked(depth_mm=20, seen_by="unknown")


def test_the_chain_starts_where_the_payload_is() -> None:
    read = STEPS.upcast("drain.blocked.v2", {"depth_mm": 7, "seen_by": "p-9"})

    assert read == ("drain.blocked.v3", {"depth_mm": 7, "seen_by": "p-9"})


def test_a_step_may_skip_versions() -> None:
    steps = Upcasters()
    steps.register("drain.blocked", since=1, to=3)(lambda data: {**data, "by": "v1"})

    assert steps.upcast("drain.blocked.v1", {}) == ("drain.blocked.v3", {"by": "v1"})
    assert steps.older_types("drain.blocked.v3") == ("drain.blocked.v1",)


def test_what_was_stored_is_not_changed_by_reading_it() -> None:
    stored = {"depth_cm": 2, "nested": {"a": [1]}}
    before = deepcopy(stored)

    _, read = STEPS.upcast("drain.blocked.v1", stored)

    assert stored == before
    assert read["nested"] is not stored["nested"]


def test_reading_twice_gives_the_same() -> None:
    stored = {"depth_cm": 2}

    assert STEPS.upcast("drain.blocked.v1", stored) == STEPS.upcast("drain.blocked.v1", stored)


def test_the_newest_version_comes_back_as_it_is() -> None:
    data = {"depth_mm": 1, "seen_by": "p-1"}

    assert STEPS.upcast("drain.blocked.v3", data) == ("drain.blocked.v3", data)


def test_a_subscriber_binds_every_version_that_it_can_read() -> None:
    assert STEPS.older_types("drain.blocked.v3") == (
        "drain.blocked.v1",
        "drain.blocked.v2",
    )


def test_versions_sort_as_numbers() -> None:
    steps = Upcasters()
    for since in (9, 10):
        steps.register("drain.blocked", since=since)(dict)

    assert steps.older_types("drain.blocked.v11") == (
        "drain.blocked.v9",
        "drain.blocked.v10",
    )


def test_an_upcast_payload_is_still_validated() -> None:
    with pytest.raises(ValidationError, match="depth_mm"):
        parse("drain.blocked.v2", {}, specs=SPECS, upcasters=STEPS)


def test_an_upcaster_that_misses_a_field_is_not_taken_for_an_unknown_event() -> None:
    with pytest.raises(KeyError, match="depth_cm"):
        parse("drain.blocked.v1", {}, specs=SPECS, upcasters=STEPS)


@pytest.mark.parametrize("unknown", ["drain.blocked.v4", "nobody.knows.v1", "drain", ".v1", ""])
def test_an_unknown_type_is_named(unknown: str) -> None:
    with pytest.raises(UnknownEvent) as caught:
        parse(unknown, {}, specs=SPECS, upcasters=STEPS)
    assert caught.value.args == (unknown,)


@pytest.mark.parametrize("text", ["drain.blocked", "drain.blocked.v", "drain.blocked.v²", ".v1"])
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(BadEventType, match=r"case\.opened\.v1"):
        public.upcast(text, {})


@pytest.mark.parametrize(("since", "to"), [(2, 2), (2, 1)])
def test_a_step_goes_forward(since: int, to: int) -> None:
    with pytest.raises(ValueError, match="no step forward"):
        Upcasters().register("drain.blocked", since=since, to=to)(dict)


def test_a_version_has_one_upcaster() -> None:
    with pytest.raises(ValueError, match="has an upcaster already"):
        STEPS.register("drain.blocked", since=1)(dict)


def test_the_isolated_catalogue_is_isolated() -> None:
    assert "drain.blocked.v3" not in CATALOGUE
    assert not [name for name, _ in UPCASTERS.steps if name.startswith("drain.")]


def test_every_released_chain_ends_in_the_catalogue() -> None:
    ends = {UPCASTERS.upcast_type(f"{name}.v{since}") for name, since in UPCASTERS.steps}

    assert ends <= set(CATALOGUE)


@pytest.mark.parametrize("event_type", sorted(CATALOGUE))
def test_the_store_reads_every_type_of_today_unchanged(event_type: str) -> None:
    example = CATALOGUE[event_type].model.EXAMPLE

    assert public.upcast(event_type, example) == (event_type, example)
    assert public.readable_types(event_type)[-1] == event_type
