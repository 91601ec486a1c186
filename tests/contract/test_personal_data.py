"""No event can carry a person's name, contact, address or words.

Payloads are walked by their schemas, so that a field added later is judged too. A text without
a pattern could carry anything: each such field is listed here, with what it holds instead.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from case_contracts.catalogue import CATALOGUE
from case_contracts.envelope import Envelope

Json = dict[str, Any]

SUSPECT = re.compile(
    r"(^|_)(name|names|surname|phone|mobile|tel|telephone|email|mail|address|addr|text|words"
    r"|contact|contacts|comment|comments|note|notes|message|description|summary|remark|title"
    r"|idcard|passport|birthday|age|gender|sex|photo|image|media|url|ip|household|resident)($|_)"
)

LABELS = {
    "DistrictPublished.name",
    "GridPublished.name",
    "DepartmentRegistered.name",
    "Condition.name",
    "Condition.closing",
    "StandardMatter.name",
    "DayException.name",
    "TaskAssigned.closing",
    "Role.name",
    "ReportRejected.turn_to",
    "Referral.turn_to",
    "RoundPlanned.name",
    "KnowledgePublished.title",
    "KnowledgePublished.body",
}
"""Labels of things in the registry and of planned rounds, where a reporter can turn, and published
knowledge."""

NAMES_OF_NO_PERSON = {"CommandRefused.name", "OperationCommandRefused.name"}
"""The name of a command."""

CODES = {
    "CaseOpened.language",
    "Condition.evidence",
    "DistrictPublished.levels",
    "DistrictPublished.zone",
    "CalendarPublished.zone",
    "Figure.indicator",
    "GridPublished.level",
    "TaskAssigned.evidence",
    "UnitInvited.matter",
    "CharterGranted.matters",
    "CharterGranted.powers",
    "PortfolioAssigned.matters",
    "CharterProposed.matters",
    "CharterProposed.powers",
    "SecondmentStarted.powers",
    "DistrictPublished.codes",
    "Promise.matters",
}
"""Texts that the owner fills with a code of its own or of the standard, never with what
somebody wrote."""

PUBLIC_DOCUMENTS = {
    "CharterGranted.legal_basis",
    "CharterProposed.legal_basis",
    "SecondmentStarted.legal_basis",
    "KnowledgePublished.source",
}
"""Names of published documents."""


OPEN_OBJECTS = {"GridPublished.geometry"}
"""Objects whose keys are not ours to name: a GeoJSON geometry."""


def fields_of(model: type[BaseModel]) -> dict[str, Json]:
    """``Model.field`` to its schema, through all models inside; Text is judged by its field."""
    schema = model.model_json_schema()
    inner = {**schema.get("$defs", {}), model.__name__: schema}
    inner.pop("Text", None)
    return {
        f"{name}.{field}": described
        for name, part in inner.items()
        for field, described in part.get("properties", {}).items()
    }


FIELDS = {k: v for spec in CATALOGUE.values() for k, v in fields_of(spec.model).items()}
ENVELOPE = fields_of(Envelope)


def within(schema: Any) -> Iterator[Json]:
    """A schema and the schemas in it, references left alone."""
    if isinstance(schema, dict):
        yield schema
        for item in schema.values():
            yield from within(item)
    elif isinstance(schema, list):
        for item in schema:
            yield from within(item)


def takes_any_text(schema: Json) -> bool:
    narrowing = {"pattern", "enum", "const", "format"}
    return any(s.get("type") == "string" and not narrowing & set(s) for s in within(schema))


def takes_any_object(schema: Json) -> bool:
    named = {"$ref", "type", "anyOf", "const", "enum"}
    is_open = any(s.get("additionalProperties") is True for s in within(schema))
    return is_open or not named & set(schema)


def is_suspect(path: str) -> bool:
    return bool(SUSPECT.search(path.split(".")[1]))


def test_no_field_is_named_like_personal_data() -> None:
    suspect = {path for path in FIELDS if is_suspect(path)}

    assert suspect - LABELS == NAMES_OF_NO_PERSON


def test_labels_are_found_in_public_things_only() -> None:
    labels = {path for path, schema in FIELDS.items() if "#/$defs/Text" in str(schema)}

    assert labels == LABELS


def test_every_text_without_a_pattern_is_known_to_hold_a_code() -> None:
    free = {path for path, schema in FIELDS.items() if takes_any_text(schema)}

    assert free == CODES | PUBLIC_DOCUMENTS


def test_every_object_has_named_fields() -> None:
    assert {path for path, schema in FIELDS.items() if takes_any_object(schema)} == OPEN_OBJECTS


def test_the_envelope_has_no_room_for_words_either() -> None:
    free = {path for path, schema in ENVELOPE.items() if takes_any_text(schema)}

    assert free == {"Envelope.dataschema", "Envelope.traceparent"}
    assert [path for path in ENVELOPE if is_suspect(path)] == []


class _Leaky(BaseModel):
    """What the rules above must catch."""

    reporter_phone: str
    anything: dict[str, Any]
    whatever: Any
    remark: str | None = None
    words: tuple[str, ...] = ()


@pytest.mark.parametrize("field", ["reporter_phone", "remark", "words"])
def test_a_leak_by_name_and_by_text_is_caught(field: str) -> None:
    schema = fields_of(_Leaky)[f"_Leaky.{field}"]

    assert is_suspect(f"_Leaky.{field}")
    assert takes_any_text(schema)


@pytest.mark.parametrize("field", ["anything", "whatever"])
def test_a_leak_through_an_open_object_is_caught(field: str) -> None:
    assert takes_any_object(fields_of(_Leaky)[f"_Leaky.{field}"])


@pytest.mark.parametrize(
    "words", ["王小明", "13800138000 家住北街", "<script>", "a b", "", "x" * 161]
)
def test_a_reference_is_no_place_for_words(words: str) -> None:
    spec = CATALOGUE["report.received.v1"]
    with pytest.raises(ValueError, match="reporter"):
        spec.model.model_validate({**spec.model.EXAMPLE, "reporter": words})
