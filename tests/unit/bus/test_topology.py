"""What is declared for a district."""

import json

import pytest

from case_bus.topology import (
    EVENTS,
    PARKED,
    UNROUTED,
    base,
    command_taker,
    definitions,
    events_queue,
    parked_queue,
    subscriber,
)
from case_contracts.catalogue import UnknownEvent

WHOLE = base() + subscriber("dispatch", ["case.opened.v1"]) + command_taker("dispatch")


def test_a_subscriber_has_a_queue_that_loses_nothing() -> None:
    queue = next(q for q in WHOLE.queues if q.name == events_queue("dispatch"))

    assert queue.arguments["x-queue-type"] == "quorum"
    assert queue.arguments["x-overflow"] == "reject-publish"
    assert queue.arguments["x-dead-letter-strategy"] == "at-least-once"
    assert queue.arguments["x-dead-letter-exchange"] == PARKED
    assert queue.arguments["x-dead-letter-routing-key"] == parked_queue(queue.name)


def test_what_is_parked_has_a_queue_for_every_working_queue() -> None:
    parked = {b.key for b in WHOLE.bindings if b.exchange == PARKED}

    assert parked == {"dispatch.events.v1.parked", "dispatch.commands.v1.parked"}
    assert parked <= {q.name for q in WHOLE.queues}


def test_unrouted_events_have_somewhere_to_go() -> None:
    events = next(e for e in WHOLE.exchanges if e.name == EVENTS)

    assert events.arguments["alternate-exchange"] == UNROUTED
    assert any(b.exchange == UNROUTED for b in WHOLE.bindings)


def test_joining_topologies_declares_nothing_twice() -> None:
    assert WHOLE + WHOLE == WHOLE


def test_definitions_are_json_and_name_only_what_exists() -> None:
    made = json.loads(json.dumps(definitions("v", WHOLE)))

    names = {e["name"] for e in made["exchanges"]}, {q["name"] for q in made["queues"]}
    assert all(b["source"] in names[0] and b["destination"] in names[1] for b in made["bindings"])
    assert all(each["vhost"] == "v" for kind in made.values() for each in kind)


def test_a_type_that_nobody_publishes_cannot_be_bound() -> None:
    with pytest.raises(UnknownEvent):
        subscriber("dispatch", ["case.imagined.v1"])
