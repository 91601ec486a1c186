"""``asyncapi.yaml``: complete, resolvable, and its examples fit what it refers to."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from case_contracts.catalogue import CATALOGUE
from case_contracts.generate.asyncapi import document
from case_contracts.generate.files import own_folder
from case_contracts.generate.schemas import COMMAND_MODELS, INBOX_MODELS
from case_contracts.generate.yaml_text import to_yaml
from tests.contract.golden_files import read

FOLDER = own_folder()
ASYNCAPI: dict[str, Any] = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text("utf-8"))
MESSAGES: dict[str, Any] = ASYNCAPI["components"]["messages"]
SCHEMAS: Registry[Any] = Registry().with_resources(
    (f"./schemas/{path.relative_to(FOLDER / 'schemas')}", Resource.from_contents(read(path)))
    for path in (FOLDER / "schemas").rglob("*.json")
)


def validator(message: str) -> Draft202012Validator:
    return Draft202012Validator(MESSAGES[message]["payload"]["schema"], registry=SCHEMAS)


def references(value: Any) -> list[str]:
    """Every ``$ref`` in a document, wherever it stands."""
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [ref for item in value.values() for ref in references(item)]
    if isinstance(value, list):
        return [ref for item in value for ref in references(item)]
    return []


def resolve(pointer: str) -> Any:
    found: Any = ASYNCAPI
    for step in pointer.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_yaml_says_what_was_generated() -> None:
    assert document() == ASYNCAPI


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_an_example_fits_the_message(message: str) -> None:
    (example,) = MESSAGES[message]["examples"]

    validator(message).validate(example["payload"])


@pytest.mark.parametrize("event_type", sorted(CATALOGUE))
def test_a_message_refuses_another_types_payload(event_type: str) -> None:
    (example,) = MESSAGES[event_type]["examples"]
    with pytest.raises(ValidationError):
        validator(event_type).validate({**example["payload"], "type": "other.event.v1"})
    with pytest.raises(ValidationError):
        validator(event_type).validate({**example["payload"], "data": {}})


def test_every_reference_leads_somewhere() -> None:
    found = references(ASYNCAPI)
    for ref in found:
        if ref.startswith("#/"):
            assert resolve(ref)
        else:
            assert (FOLDER / ref).is_file(), ref
    assert len(found) > len(MESSAGES)


def test_every_event_has_a_channel_under_its_routing_key() -> None:
    for spec in CATALOGUE.values():
        channel = ASYNCAPI["channels"][spec.type]
        assert channel["address"] == spec.routing_key
        assert channel["bindings"]["amqp"]["exchange"]["name"] == "case.events.v1"
        assert list(channel["messages"]) == [spec.type]


def test_a_departments_two_channels_carry_every_item_and_command() -> None:
    channels = ASYNCAPI["channels"]

    assert set(channels["inbox"]["messages"]) == {f"inbox.{kind}" for kind in INBOX_MODELS}
    assert set(channels["commands"]["messages"]) == {f"command.{name}" for name in COMMAND_MODELS}


def test_the_document_names_no_machine() -> None:
    assert {server["host"] for server in ASYNCAPI["servers"].values()} == {"{broker}"}


texts = st.text() | st.sampled_from(["yes", "NO", "null", "1", "1.0", "~", "a: b", "a\nb", "-", ""])
scalars = st.none() | st.booleans() | st.integers() | st.sampled_from([0.5, 120.0, -1.25]) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=12
)


@given(values)
def test_our_yaml_is_read_back_as_it_was(value: Any) -> None:
    assert yaml.safe_load(to_yaml(value)) == value
