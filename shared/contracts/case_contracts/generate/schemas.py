"""JSON Schemas (draft 2020-12) of the envelope, events, commands and inbox items."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from case_contracts import commands, inbox
from case_contracts.catalogue import CATALOGUE
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.base import EventSpec
from case_contracts.meanings import COMMANDS_ZH, ENVELOPE_ZH, EVENTS_ZH, FORWARDED_ZH, INBOX_ZH

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"

COMMAND_MODELS: dict[str, type[BaseModel]] = {
    model.model_fields["name"].default: model for model in get_args(commands.Command)
}
INBOX_MODELS: dict[str, type[BaseModel]] = {
    model.model_fields["kind"].default: model for model in get_args(inbox.InboxItem)
}


@dataclass(frozen=True)
class Description:
    """One thing on the wire: where its schema is kept, its model, its meaning, an example."""

    path: str
    urn: str
    model: type[BaseModel]
    zh: str
    example: Json

    @property
    def en(self) -> str:
        return " ".join((self.model.__doc__ or "").replace("``", "`").split())

    @property
    def text(self) -> str:
        """The meaning in both languages, as people read it in a schema viewer."""
        return f"{self.en}\n\n{self.zh}"

    def schema(self) -> Json:
        """The JSON Schema of what a reader accepts; its examples are valid."""
        own = self.model.model_json_schema(mode="validation")
        head = {"$schema": DIALECT, "$id": self.urn, "title": own["title"]}
        return {**head, **own, "description": self.text, "examples": [self.example]}


def of_event(spec: EventSpec) -> Description:
    """The payload of an event; the envelope around it is described once, by ENVELOPE."""
    zh, example = EVENTS_ZH[spec.name], spec.model.EXAMPLE
    return Description(f"{spec.type}.json", spec.dataschema, spec.model, zh, example)


def of_command(name: str) -> Description:
    urn, example = f"urn:civicgrid:schema:command.{name}", commands.EXAMPLES[name]
    path = f"commands/{name}.json"
    return Description(path, urn, COMMAND_MODELS[name], COMMANDS_ZH[name], example)


def of_inbox_item(kind: str) -> Description:
    urn, example = f"urn:civicgrid:schema:inbox.{kind}", inbox.EXAMPLES[kind]
    return Description(f"inbox/{kind}.json", urn, INBOX_MODELS[kind], INBOX_ZH[kind], example)


def envelope_example(spec: EventSpec) -> Json:
    """A whole event of this type as it goes over the wire."""
    example = spec.model.EXAMPLE
    subject = example.get(spec.aggregate)
    envelope = {
        "specversion": "1.0",
        "id": "8d1f3f52-6f4e-5d53-9f7c-0b6a4c1d2e3f",
        "source": source_of("lanhe", spec.owner),
        "type": spec.type,
        "subject": subject if isinstance(subject, str) else f"{spec.aggregate}:example",
        "time": "2026-01-05T01:12:30Z",
        "datacontenttype": "application/json",
        "dataschema": spec.dataschema,
        "sequence": sequence_text(1),
        "causationid": "1c9e7f0a-2b3c-5d4e-8f60-718293a4b5c6",
        "correlationid": "0a1b2c3d-4e5f-5061-8273-8495a6b7c8d9",
        "districtid": "lanhe",
        "occurredat": "2026-01-05T01:12:30Z",
        "recordedat": "2026-01-05T01:12:30Z",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "writer": f"{spec.owner}:example",
        "batch": 1,
    }
    return {**envelope, "data": example}


ENVELOPE = Description(
    "envelope.json",
    "urn:civicgrid:schema:envelope",
    Envelope,
    ENVELOPE_ZH,
    envelope_example(CATALOGUE["case.opened.v1"]),
)
FORWARDED = Description(
    "forwarded.json",
    "urn:civicgrid:schema:forwarded",
    commands.Forwarded,
    FORWARDED_ZH,
    {
        "id": "2f0c1d5e-7a8b-5c9d-8e0f-1a2b3c4d5e6f",
        "department": "urban-management",
        "district": "lanhe",
        "received_at": "2026-01-05T01:13:00Z",
        "command": commands.EXAMPLES["accept"],
    },
)


def descriptions() -> Iterator[Description]:
    """Everything that has a schema of its own."""
    yield ENVELOPE
    yield FORWARDED
    yield from map(of_event, CATALOGUE.values())
    yield from map(of_command, COMMAND_MODELS)
    yield from map(of_inbox_item, INBOX_MODELS)


def schemas() -> Mapping[str, Json]:
    """File name below ``schemas/`` to its JSON Schema."""
    return {described.path: described.schema() for described in descriptions()}
