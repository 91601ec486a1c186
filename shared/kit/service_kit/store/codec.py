"""Commits to documents and back, the hash chain, and commits to envelopes."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from case_contracts.envelope import sequence_text, source_of
from case_contracts.events.base import EventData
from service_kit.errors import TooLarge
from service_kit.mongo import Document
from service_kit.store.model import Actor, Commit, StoredEvent

SCHEMA = 1
"""Version of the commit document itself; events have their own versions in their types."""

MAX_EVENT_BYTES = 4 * 1024 * 1024
MAX_COMMIT_BYTES = 8 * 1024 * 1024
"""What the broker and the store surely take. Looked at before the commit: afterwards an event
that cannot be published would block all behind it."""


class Sealed(NamedTuple):
    """A commit with its hash, as it goes into the store: its document, that as JSON, and how many
    bytes those are."""

    commit: Commit
    document: Document
    text: str
    size: int


def to_document(commit: Commit) -> Document:
    return {**_content(commit), "hash": commit.hash}


def _content(commit: Commit) -> Document:
    """All of it that its hash covers."""
    return {
        "_id": commit.id,
        "aggregate": commit.aggregate,
        "version": commit.version,
        "events": [
            {
                "id": e.id,
                "type": e.type,
                "sequence": e.sequence,
                "occurredat": _time(e.occurredat),
                "data": e.data,
            }
            for e in commit.events
        ],
        "handler": commit.handler,
        "cause_id": commit.cause_id,
        "correlation": commit.correlation,
        "actor": {
            "id": commit.actor.id,
            "kind": commit.actor.kind,
            "on_behalf_of": commit.actor.on_behalf_of,
            "purpose": commit.actor.purpose,
        },
        "at": _time(commit.at),
        "schema": commit.schema,
        "writer": commit.writer,
        "batch": commit.batch,
        "traceparent": commit.traceparent,
        "body_hash": commit.body_hash,
        "prev_hash": commit.prev_hash,
    }


def from_document(document: Document) -> Commit:
    return Commit(
        aggregate=document["aggregate"],
        version=document["version"],
        events=tuple(
            StoredEvent(
                e["id"],
                e["type"],
                e["sequence"],
                datetime.fromisoformat(e["occurredat"]),
                e["data"],
            )
            for e in document["events"]
        ),
        handler=document["handler"],
        cause_id=document["cause_id"],
        correlation=document["correlation"],
        actor=Actor(**document["actor"]),
        at=datetime.fromisoformat(document["at"]),
        schema=document["schema"],
        writer=document["writer"],
        batch=document["batch"],
        prev_hash=document["prev_hash"],
        hash=document["hash"],
        traceparent=document.get("traceparent"),
        body_hash=document.get("body_hash"),
    )


def _time(value: datetime) -> str:
    if value.tzinfo is UTC:
        return value.isoformat()
    if value.tzinfo is None:
        raise ValueError(f"the time {value.isoformat()} needs its zone")
    return value.astimezone(UTC).isoformat()


def digest(document: Document) -> str:
    """SHA-256 over everything in the commit but its own hash; covers ``prev_hash``."""
    content = {key: value for key, value in document.items() if key != "hash"}
    return hashlib.sha256(_sorted(content)).hexdigest()


def _sorted(content: Document) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def sealed(commit: Commit) -> Sealed:
    """The commit just made, given its hash; raises TooLarge.

    The hash is set on it, and added to the JSON that was hashed: a second copy of the commit and
    of its JSON would be a thirtieth of what taking a report costs.
    """
    document = _content(commit)
    content = _sorted(document)
    if len(content) > MAX_EVENT_BYTES:
        _refuse_too_large(document, len(content))
    document["hash"] = hashed = hashlib.sha256(content).hexdigest()
    object.__setattr__(commit, "hash", hashed)
    text = f'{content[:-1].decode()},"hash":"{hashed}"}}'
    return Sealed(commit, document, text, len(content))


def _refuse_too_large(document: Document, size: int) -> None:
    if size > MAX_COMMIT_BYTES:
        raise TooLarge(f"the change of {document['aggregate']} has {size} bytes")
    for event in document["events"]:
        if (size := len(orjson.dumps(event))) > MAX_EVENT_BYTES:
            raise TooLarge(f"{event['type']} of {document['aggregate']} has {size} bytes")


def dump(data: EventData) -> dict[str, Any]:
    return data.model_dump(mode="json")


def envelopes(commit: Commit, district: str, service: str) -> Sequence[tuple[str, bytes]]:
    """(routing key, body) of each event; the body is a CloudEvents 1.0 structured JSON."""
    source = source_of(district, service)
    return [
        (f"{service}.{e.type}", orjson.dumps(envelope_dict(e, commit, district, source)))
        for e in commit.events
    ]


def envelope_dict(event: StoredEvent, commit: Commit, district: str, source: str) -> Document:
    """The envelope, from what is stored alone: also where the type has a newer version now."""
    occurred = _time(event.occurredat)
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": event.type,
        "subject": commit.aggregate,
        "time": occurred,
        "datacontenttype": "application/json",
        "dataschema": f"urn:civicgrid:schema:{event.type}",
        "sequence": sequence_text(event.sequence),
        "causationid": commit.cause_id,
        "correlationid": commit.correlation,
        "districtid": district,
        "occurredat": occurred,
        "recordedat": _time(commit.at),
        "traceparent": commit.traceparent,
        "writer": commit.writer,
        "batch": commit.batch,
        "data": event.data,
    }
