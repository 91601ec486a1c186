"""The broker's definitions: vhosts, users and what each may do, exchanges, queues, bindings."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from case_bus.definitions import permission, user
from case_bus.department_vhost import vhost_name, vhosts
from case_bus.topology import (
    COMMANDS,
    EVENTS,
    LISTENING,
    Topology,
    base,
    command_taker,
    commands_queue,
    definitions,
    events_queue,
    parked_queue,
    subscriber,
    unheard,
)
from case_contracts.catalogue import CATALOGUE, OWNERS
from civicgrid.deployment.names import COMMAND_TAKERS, CONSOLE, GATEWAY, ON_BROKER
from civicgrid.deployment.run import Run

Types = Mapping[str, Iterable[str]]


def topology(types: Types) -> Topology:
    """Everything in the services' vhost; ``types`` are those that each service listens to."""
    found = base()
    for service, listened in types.items():
        found += subscriber(service, listened)
    for service in COMMAND_TAKERS:
        found += command_taker(service)
    heard = {each for listened in types.values() for each in listened}
    return found + unheard(set(CATALOGUE) - heard)


def rights(service: str) -> dict[str, str]:
    """What a service may do in the services' vhost: configure nothing, write where it
    publishes, read its own queues.

    Writing to its queue and reading the exchange of events is what ``queue.bind`` asks for: a
    service binds its own queue again every minute, in case a binding was lost.
    """
    if service == CONSOLE:
        return _listens()
    queues = [events_queue(service)]
    if service in COMMAND_TAKERS:
        queues.append(commands_queue(service))
    writes = [EVENTS] if service in OWNERS else []
    if service == GATEWAY:
        writes.append(COMMANDS)
    writes.append(events_queue(service))
    reads = [EVENTS, *queues, *map(parked_queue, queues)]
    return {"configure": "^$", "write": _only(writes), "read": _only(reads)}


def _listens() -> dict[str, str]:
    """To make queues of its own, bind them to the exchange of events and read them; to write
    nowhere else."""
    own = f"^{re.escape(LISTENING)}[0-9a-f]+$"
    return {"configure": own, "write": own, "read": f"^{re.escape(EVENTS)}$|{own}"}


def run_definitions(run: Run, types: Types) -> dict[str, Any]:
    """All that a run needs on its broker, in one import."""
    found = definitions(run.vhost, topology(types))
    found["vhosts"] = [{"name": run.vhost}]
    found["users"] = [user(run.user(name), run.secrets.amqp[name]) for name in ON_BROKER]
    found["permissions"] = [
        permission(run.user(name), run.vhost, **rights(name)) for name in ON_BROKER
    ]
    departments = vhosts(run.id, run.secrets.departments, gateway=run.user(GATEWAY))
    return {kind: [*rows, *departments.get(kind, [])] for kind, rows in found.items()}


def run_names(run: Run) -> tuple[list[str], list[str]]:
    """Vhosts and users of a run, to be deleted."""
    departments = [vhost_name(run.id, each) for each in run.departments]
    return [run.vhost, *departments], [*map(run.user, ON_BROKER), *departments]


def shipped_definitions(types: Types, vhost: str = "civicgrid") -> dict[str, Any]:
    """The topology of a deployment, without users: those have secrets, which are its own."""
    return {"vhosts": [{"name": vhost}], **definitions(vhost, topology(types))}


def shipped_rights() -> dict[str, dict[str, str]]:
    """What each service's user may do in the services' vhost."""
    return {service: rights(service) for service in ON_BROKER}


def _only(names: Iterable[str]) -> str:
    listed = [re.escape(name) for name in names]
    return f"^({'|'.join(listed)})$" if listed else "^$"
