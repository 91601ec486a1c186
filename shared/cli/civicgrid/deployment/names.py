"""The services by name: who owns events, who takes commands, which port each gets."""

from case_contracts.catalogue import OWNERS

SERVICES = (*OWNERS, "gateway")
"""The services that share the district's vhost, each with a user and a database of its own."""

COMMAND_TAKERS = ("dispatch", "joint")
"""Who takes departments' commands, through the gateway."""

GATEWAY, DEPARTMENT, ISSUER, MAIL = "gateway", "department", "issuer", "mail"
CONSOLE = "console"
"""The pages: they hear events on the broker, and keep nothing."""

ON_BROKER = (*SERVICES, CONSOLE)
"""Who has a user on the district's vhost."""

PROCESSES = (ISSUER, *SERVICES, DEPARTMENT, MAIL, CONSOLE)
"""Each kind of process of a local run, in the order of their ports."""

REPLICATED = SERVICES
"""Of what there can be several: the issuer has one key pair, the mail sink one file, and a
department runs its own service."""

PORT_STEP = 20
"""Replicas of a service lie this far apart."""


def replica(name: str, number: int) -> str:
    """Name of a process: `dispatch`, then `dispatch-2`."""
    return name if number == 1 else f"{name}-{number}"
