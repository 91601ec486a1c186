"""What the echo service listens to, and the events that are its input.

It is called registry because an event's routing key begins with its owner's name, and it echoes
a ``grid.retired`` as a ``posting.ended``: both are the catalogue's smallest.
"""

import uuid

from case_bus.port import Outgoing
from case_bus.topology import EVENTS
from case_contracts.envelope import Envelope, sequence_text, source_of
from case_contracts.events.registry import GridRetired, PostingEnded
from service_kit import clock
from service_kit.events.subscriptions import Command, Fact, Subscriptions, Translated
from tests.support.counter import AT, Add
from tests.support.store_node import DISTRICT, SERVICE

COUNTERS = 5


def counter_of(text: str) -> str:
    """The counter that an input goes to: few, so that inputs meet at one aggregate."""
    return f"counter:{sum(text.encode()) % COUNTERS}"


def _echo(data: GridRetired, _: Envelope) -> Translated:
    return Translated(counter_of(data.grid), Add(data.grid))


SUBSCRIPTIONS = Subscriptions(SERVICE, [Command(GridRetired, "registry.echo", _echo)])

DOWNSTREAM = Subscriptions(
    "intake", [Fact(PostingEnded, "fact_echo", lambda data, _: {"posting": data.posting})]
)


def input_message(text: str) -> Outgoing:
    """An input as it comes over the bus; the same text is the same event."""
    now = clock.now()
    event_id = str(uuid.uuid5(uuid.NAMESPACE_URL, text))
    data = GridRetired(grid=text, valid_to=AT)
    envelope = Envelope(
        id=event_id,
        source=source_of(DISTRICT, SERVICE),
        type=data.SPEC.type,
        subject=f"grid:{text}",
        time=now,
        dataschema=data.SPEC.dataschema,
        sequence=sequence_text(1),
        causationid=event_id,
        correlationid=event_id,
        districtid=DISTRICT,
        occurredat=now,
        recordedat=now,
        writer="w-outside",
        batch=1,
        data=data.model_dump(mode="json"),
    )
    return Outgoing(EVENTS, data.SPEC.routing_key, envelope.model_dump_json().encode())
