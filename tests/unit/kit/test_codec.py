"""Commits as documents and as envelopes, and the hash chain over them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import bson
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.registry import CalendarPublished
from service_kit.store.chain import chain_errors
from service_kit.store.codec import (
    digest,
    dump,
    envelopes,
    from_document,
    sealed,
    to_document,
)
from service_kit.store.model import Actor, Commit, StoredEvent

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def _commit(version: int, previous: str) -> Commit:
    event = StoredEvent(f"e{version}", "posting.ended.v1", version, AT, {"n": version})
    return Commit(
        aggregate="counter:1", version=version, events=(event,), handler="h",
        cause_id=f"c{version}", correlation="c1", actor=Actor("p-1", purpose="test"), at=AT,
        schema=1, writer="w", batch=version, prev_hash=previous,
    )  # fmt: skip


def _chain(length: int) -> list[dict[str, Any]]:
    documents, previous = [], ""
    for version in range(1, length + 1):
        commit, document, *_ = sealed(_commit(version, previous))
        previous = commit.hash
        documents.append(document)
    return documents


def test_a_commit_comes_back_from_its_document() -> None:
    commit, document, *_ = sealed(_commit(1, ""))

    assert from_document(document) == commit
    assert from_document(bson.decode(bson.encode(document))) == commit
    assert digest(bson.decode(bson.encode(document))) == commit.hash


def test_what_is_stored_is_its_document_as_json() -> None:
    made = sealed(_commit(1, ""))

    assert orjson.loads(made.text) == made.document
    assert made.document == to_document(made.commit)


def test_an_envelope_is_made_from_what_is_stored_also_of_a_type_nobody_knows_any_more() -> None:
    event = StoredEvent("e", "drain.blocked.v1", 3, AT, {"depth_cm": 2})
    commit = replace(_commit(1, ""), events=(event,))

    [(key, body)] = envelopes(commit, "lanhe", "intake")

    assert key == "intake.drain.blocked.v1"
    envelope = orjson.loads(body)
    assert envelope["dataschema"] == "urn:civicgrid:schema:drain.blocked.v1"
    assert envelope["source"] == "/civicgrid/lanhe/intake"
    assert envelope["sequence"] == "0000000000000003"


def test_times_are_stored_in_utc() -> None:
    shanghai = datetime(2026, 1, 5, 17, 0, tzinfo=timezone(timedelta(hours=8)))

    assert to_document(replace(_commit(1, ""), at=shanghai))["at"] == "2026-01-05T09:00:00+00:00"
    with pytest.raises(ValueError, match="needs its zone"):
        to_document(replace(_commit(1, ""), at=datetime(2026, 1, 5)))  # noqa: DTZ001


def test_keys_that_are_numbers_become_texts_that_the_store_takes() -> None:
    data = dump(CalendarPublished.model_validate(CalendarPublished.EXAMPLE))

    assert list(data["weekdays"]) == ["1"]
    assert bson.decode(bson.encode(data)) == data


@given(st.integers(1, 8))
def test_a_whole_chain_has_no_errors(length: int) -> None:
    documents = _chain(length)

    assert chain_errors(documents, version=length, head=documents[-1]["hash"]) == []


def _other(value: Any) -> Any:
    if isinstance(value, list):
        return value * 2
    if isinstance(value, dict):
        return {**value, "id": "p-2"}
    return value + 1 if isinstance(value, int) else f"{value}x"


@given(st.data())
def test_whatever_is_changed_in_a_commit_shows(data: st.DataObject) -> None:
    documents = _chain(4)
    victim = data.draw(st.sampled_from(documents))
    field = data.draw(st.sampled_from(sorted(victim)))
    victim[field] = _other(victim[field])

    assert chain_errors(documents) != []


@given(st.integers(2, 6), st.data())
def test_what_is_deleted_or_reordered_shows(length: int, data: st.DataObject) -> None:
    documents = _chain(length)
    position = data.draw(st.integers(0, length - 2))
    if data.draw(st.booleans()):
        del documents[position]
    else:
        documents[position], documents[position + 1] = documents[position + 1], documents[position]

    assert chain_errors(documents) != []


def test_a_cut_tail_shows_to_whoever_knew_it() -> None:
    documents = _chain(3)
    head = documents[-1]["hash"]

    assert chain_errors(documents[:2]) == []
    assert chain_errors(documents[:2], version=3, head=head) != []
    assert chain_errors([], version=3, head=head) != []
