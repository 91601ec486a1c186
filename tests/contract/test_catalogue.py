"""Rules of the catalogue and the envelope that every event keeps."""

import re
from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from case_contracts.catalogue import CATALOGUE, OWNERS, owned_by
from case_contracts.envelope import Envelope
from case_contracts.generate.schemas import envelope_example

every_type = pytest.mark.parametrize("event_type", sorted(CATALOGUE))

PAST_TENSE = re.compile(r"(ed|blown|given|withdrawn|held|done|made|spent|sent|set)(_off|_on)?$")
STATES_REACHED = re.compile(r"\.(near_due|overdue|twice_overdue)$")


def example(event_type: str) -> dict[str, Any]:
    return envelope_example(CATALOGUE[event_type])


def times(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of the times in a JSON value."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in times(item, (*path, key))]
    if isinstance(value, list):
        return [found for i, item in enumerate(value) for found in times(item, (*path, i))]
    return [path] if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) else []


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy of a JSON value with another value at a path."""
    if not path:
        return new
    step, *rest = path
    items = value.items() if isinstance(value, dict) else enumerate(value)
    changed = {key: put(item, tuple(rest), new) if key == step else item for key, item in items}
    return changed if isinstance(value, dict) else list(changed.values())


def test_routing_keys_are_unique() -> None:
    keys = Counter(spec.routing_key for spec in CATALOGUE.values())

    assert [key for key, count in keys.items() if count > 1] == []


def test_a_name_has_one_owner_whatever_its_version() -> None:
    owners = {(spec.name, spec.owner) for spec in CATALOGUE.values()}

    assert len(owners) == len({name for name, _ in owners})
    assert {owner for _, owner in owners} <= set(OWNERS)


def test_every_owner_owns_something() -> None:
    assert all(owned_by(owner) for owner in OWNERS)


def test_only_the_newest_version_of_an_event_is_published() -> None:
    names = Counter(spec.name for spec in CATALOGUE.values())

    assert [name for name, count in names.items() if count > 1] == []


@every_type
def test_an_event_is_a_fact_in_the_past_tense(event_type: str) -> None:
    spec = CATALOGUE[event_type]

    assert PAST_TENSE.search(spec.name) or STATES_REACHED.search(spec.name)
    assert event_type == f"{spec.name}.v{spec.version}"


@every_type
def test_an_example_is_read_from_its_envelope(event_type: str) -> None:
    envelope = Envelope.model_validate(example(event_type))

    assert type(envelope.payload()) is CATALOGUE[event_type].model
    assert envelope.routing_key == CATALOGUE[event_type].routing_key


@every_type
def test_an_event_survives_the_wire(event_type: str) -> None:
    envelope = Envelope.model_validate(example(event_type))
    payload = envelope.payload()
    sent = envelope.model_copy(update={"data": payload.model_dump(mode="json")})

    received = Envelope.model_validate_json(sent.model_dump_json())

    assert received == sent
    assert received.payload() == payload


@every_type
def test_unknown_fields_of_a_newer_writer_are_ignored(event_type: str) -> None:
    newer = example(event_type)
    newer = {**newer, "tenant": "x", "data": {**newer["data"], "added_later": {"a": 1}}}

    envelope = Envelope.model_validate(newer)

    assert envelope.payload() == Envelope.model_validate(example(event_type)).payload()


@every_type
def test_every_time_needs_its_zone(event_type: str) -> None:
    whole = example(event_type)
    for path in times(whole):
        zoneless = put(whole, path, "2026-01-05T08:00:00")
        with pytest.raises(ValidationError, match="a time needs its zone"):
            Envelope.model_validate(zoneless).payload()


def test_every_payload_is_immutable() -> None:
    for spec in CATALOGUE.values():
        payload = spec.model.model_validate(spec.model.EXAMPLE)
        name = next(iter(spec.model.model_fields))
        with pytest.raises(ValidationError, match="frozen"):
            setattr(payload, name, None)


def test_envelope_attributes_are_legal_cloudevents_names() -> None:
    names = set(Envelope.model_fields) - {"data"}

    assert [name for name in names if not re.fullmatch(r"[a-z0-9]{1,20}", name)] == []
    assert {"specversion", "id", "source", "type"} <= names


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("specversion", "0.3"),
        ("type", "case.opened"),
        ("type", "CaseOpened.v1"),
        ("source", "/civicgrid/lanhe"),
        ("source", "https://elsewhere/civicgrid/lanhe/intake"),
        ("sequence", "1"),
        ("sequence", "00000000000000001"),
        ("subject", "王 小明"),
        ("subject", ""),
        ("id", "with space"),
        ("batch", -1),
        ("datacontenttype", "text/plain"),
        ("data", []),
    ],
)
def test_a_malformed_envelope_is_refused(field: str, wrong: Any) -> None:
    with pytest.raises(ValidationError, match=field):
        Envelope.model_validate({**example("case.opened.v1"), field: wrong})


def test_sequences_sort_as_text() -> None:
    texts = [Envelope.model_validate(_numbered(n)).sequence for n in (9, 10, 100)]

    assert texts == sorted(texts)


def _numbered(number: int) -> dict[str, Any]:
    return {**example("case.opened.v1"), "sequence": f"{number:016d}"}


def test_a_time_keeps_its_instant() -> None:
    whole = {**example("case.opened.v1"), "occurredat": "2026-01-05T08:00:00+08:00"}

    read = Envelope.model_validate(whole).occurredat

    assert read == datetime.fromisoformat("2026-01-05T00:00:00+00:00")
