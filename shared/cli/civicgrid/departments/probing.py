"""Asking the broker whether departments are really apart."""

import asyncio
from collections.abc import Mapping, Sequence

from case_bus.isolation import department_holes, gateway_holes
from civicgrid.departments.place import Place
from civicgrid.local import LocalError


async def holes(place: Place, passwords: Mapping[str, str]) -> dict[str, list[str]]:
    """What each department's user and the gateway's may do in its vhost and must not; only
    departments with such a hole. LocalError where the broker cannot be asked."""
    found = {}
    for department, password in passwords.items():
        others = [each for each in passwords if each != department][:1]
        closed = [*place.foreign_vhosts, *map(place.vhost, others)]
        try:
            own, gateways = await asyncio.gather(
                department_holes(place.address(department, password), closed),
                gateway_holes(place.line(department)),
            )
        except ConnectionError as error:
            raise LocalError(
                f"{department}: {error}", "see that the broker is reached, and try again"
            ) from None
        told = [f"its user may {what}" for what in own]
        told += [f"the gateway's user may {what}" for what in gateways]
        if told:
            found[department] = told
    return found


def refuse(place: Place, found: Mapping[str, Sequence[str]]) -> None:
    """LocalError naming every hole, if there is one."""
    if found:
        told = [f"{department}: {'; '.join(what)}" for department, what in found.items()]
        vhosts = ", ".join(map(place.vhost, found))
        raise LocalError(
            "departments are not apart on the broker, and are not connected:\n" + "\n".join(told),
            f"see the permissions in {vhosts} (`rabbitmqctl list_permissions -p VHOST`) and the"
            " users' tags; delete what should not be there and apply again",
        )
