"""Under what a batch's commits are filed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.mongo import Document
from service_kit.store.filing import batch_document, commits_of, handler_and_cause, once, picked


def _commit(aggregate: str, cause: str) -> Document:
    return {
        "_id": f"{aggregate}:1", "handler": "h", "cause_id": cause, "writer": "w-1", "batch": 7,
    }  # fmt: skip


def test_a_batch_is_filed_under_each_of_its_commits() -> None:
    commits = [_commit("counter:1", "a"), _commit("counter:2", "b")]

    batch = batch_document(commits)

    assert batch["_id"] == "w-1:7"
    assert batch["keys"] == [
        {"id": "counter:1:1", "once": "h|a"},
        {"id": "counter:2:1", "once": "h|b"},
    ]
    assert dict(picked(batch, "once", {"h|b", "h|c"})) == {"h|b": commits[1]}
    assert dict(picked(batch, "id", {"counter:1:1"})) == {"counter:1:1": commits[0]}


def test_the_first_commit_of_a_fresh_thing_is_filed_under_its_id_alone() -> None:
    commits = [_commit("counter:1", "a"), _commit("counter:2", "b")]

    batch = batch_document(commits, {"counter:1:1"})

    assert batch["keys"] == [{"id": "counter:1:1"}, {"id": "counter:2:1", "once": "h|b"}]
    assert dict(picked(batch, "once", {"h|a", "h|b"})) == {"h|b": commits[1]}
    assert dict(picked(batch, "id", {"counter:1:1"})) == {"counter:1:1": commits[0]}


def test_commits_are_read_as_they_were_inserted_by_this_version_or_the_one_before() -> None:
    commits = [_commit("counter:1", "a"), _commit("counter:2", "街道")]
    batch = batch_document(commits)

    assert all(isinstance(text, str) for text in batch["commits"])
    for stored in (batch, batch | {"commits": commits}):
        assert commits_of(stored) == commits
        assert dict(picked(stored, "id", {"counter:2:1"})) == {"counter:2:1": commits[1]}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"text"'])
def test_what_is_no_commit_any_longer_is_an_empty_one_in_its_place(text: str) -> None:
    commit = _commit("counter:2", "b")
    batch = batch_document([_commit("counter:1", "a"), commit])
    batch["commits"][0] = text

    assert commits_of(batch) == [{}, commit]


@given(st.text(st.characters(exclude_characters="|")), st.text())
def test_no_two_causes_have_the_same_key(handler: str, cause: str) -> None:
    assert handler_and_cause(once(handler, cause)) == (handler, cause)


def test_a_handlers_name_has_no_bar() -> None:
    with pytest.raises(ValueError, match="has a bar"):
        once("a|b", "c")
