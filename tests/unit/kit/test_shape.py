"""How deep a JSON body may be, and how many keys it may have."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.http.problems import CodedHTTPException
from service_kit.http.shape import LEAST_KEYS, MOST_DEEP, judge_json


def code_of(body: bytes, limit: int = 1) -> str | None:
    try:
        judge_json(body, limit)
    except CodedHTTPException as error:
        return error.code
    return None


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


TEXTS = st.text(alphabet='[]{}:"\\, a井', max_size=30)
VALUES = st.recursive(
    TEXTS | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=40,
)


@given(VALUES, st.integers(0, 30))
def test_what_stands_in_texts_counts_for_nothing(value: Any, wraps: int) -> None:
    for _ in range(wraps):
        value = [value]

    found = code_of(json.dumps(value, ensure_ascii=False).encode())

    assert found == ("too_deep" if depth(value) > MOST_DEEP else None)


def test_keys_are_counted() -> None:
    keys = {str(number): number for number in range(LEAST_KEYS)}
    text = {"text": ":" * 2 * LEAST_KEYS}

    assert code_of(json.dumps(keys).encode()) is None
    assert code_of(json.dumps(text).encode()) is None
    assert code_of(json.dumps(keys | {"more": 1}).encode()) == "too_many_keys"
    assert code_of(json.dumps(keys | {"more": 1}).encode(), 10**6) is None


@pytest.mark.parametrize(
    "body",
    [b"[" * 1_000_000, b'{"a":' * 200_000, b'[[[[[[[[[[[[[[[[[[[[["' + b'\\"' * 500_000,
     b"[" * 21 + b'"' * 999_979],
)  # fmt: skip
def test_a_body_made_to_be_slow_is_not(body: bytes) -> None:
    begun = time.process_time()

    assert code_of(body, 10**9) == "too_deep"
    assert time.process_time() - begun < 1.0
