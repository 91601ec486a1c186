"""What nobody listens to has a queue of its own, so that the alarm on `unrouted` is one."""

import json

from case_bus.topology import EVENTS, UNROUTED
from case_contracts.catalogue import CATALOGUE, spec_of
from tests.unit.deploy import compose


def test_every_type_of_the_catalogue_is_routed() -> None:
    found = json.loads((compose.ROOT / "deploy/rabbitmq/definitions.json").read_text())
    events = [row for row in found["bindings"] if row["source"] == EVENTS]
    queues_by_key: dict[str, set[str]] = {}
    for row in events:
        queues_by_key.setdefault(row["routing_key"], set()).add(row["destination"])
    published = {f"{spec.owner}.{spec.type}" for spec in map(spec_of, CATALOGUE)}
    assert published <= set(queues_by_key)
    unheard = {key for key, queues in queues_by_key.items() if "unheard" in queues}
    assert all(queues_by_key[key] == {"unheard"} for key in unheard)
    (alarm,) = [row for row in found["bindings"] if row["source"] == UNROUTED]
    assert alarm["destination"] == "unrouted"
