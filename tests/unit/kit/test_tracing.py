"""Ids of traces, also where nobody reads spans."""

from contextlib import AbstractContextManager, nullcontext

import pytest
from starlette.types import Message, Receive, Scope, Send

from service_kit.http.limits import Limits
from service_kit.telemetry.tracing import current_traceparent, span

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_span_under_a_parent_is_in_its_trace_with_an_id_of_its_own() -> None:
    with span("outer", GIVEN):
        outer = current_traceparent()
        assert outer is not None
        with span("inner"):
            inner = current_traceparent()
        assert current_traceparent() == outer
    assert inner is not None
    assert len({GIVEN, outer, inner}) == 3
    assert {each.split("-")[1] for each in (outer, inner)} == {GIVEN.split("-")[1]}
    assert current_traceparent() is None


def test_without_a_parent_a_new_trace_begins() -> None:
    found = []
    for _ in range(2):
        with span("first"):
            found.append(current_traceparent())
    assert None not in found
    assert len({str(each).split("-")[1] for each in found}) == 2


def test_what_is_not_sampled_stays_so() -> None:
    with span("outer", GIVEN[:-1] + "0"):
        assert str(current_traceparent()).endswith("-00")


async def test_a_request_s_span_is_named_by_nothing_that_anybody_sends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named: list[str] = []

    def noted(name: str, _: str | None) -> AbstractContextManager[None]:
        named.append(name)
        return nullcontext()

    monkeypatch.setattr("service_kit.http.limits.span", noted)
    limits = Limits(_app, max_body=10, seconds=5, nouns={"reports"})
    for method, path in (
        ("POST", "/reports"),
        ("GET", "/reports/my-neighbour"),
        ("GET", "/my-neighbour"),
        ("NEIGHBOUR", "/"),
        ("OPTIONS", "*"),
    ):
        scope = {"type": "http", "method": method, "path": path, "headers": []}
        await limits(scope, _nothing, _nowhere)
    assert named == ["POST reports", "GET reports", "GET ?", "OTHER ?", "OPTIONS ?"]


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers nothing."""


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


async def _nowhere(_: Message) -> None:
    """Nobody listens."""
