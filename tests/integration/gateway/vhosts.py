"""Departments' vhosts on a real broker, as the operator's command line makes them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from case_bus.definitions import user
from case_bus.department_vhost import user_name, vhost_name, vhosts
from civicgrid.local import Broker
from civicgrid.local.admin import Definitions
from tests.support.infra import Pool

DEPARTMENTS = ("um", "wa")
PASSWORD = "only-for-tests"
_BATCH = 8


@dataclass(frozen=True)
class Departments:
    """The vhosts of one district: addresses as the gateway's and as a department's user."""

    district: str
    gateway: str
    broker: Broker

    def as_gateway(self, department: str) -> str:
        vhost = vhost_name(self.district, department)
        return self.broker.amqp_url(vhost, self.gateway, PASSWORD)

    def as_department(self, department: str, vhost_of: str | None = None) -> str:
        vhost = vhost_name(self.district, vhost_of or department)
        return self.broker.amqp_url(vhost, user_name(self.district, department), PASSWORD)


class DepartmentsPool(Pool[Departments]):
    """Districts with the vhosts of their departments."""

    def draw(self) -> list[Departments]:
        districts = [f"t{uuid.uuid4().hex[:8]}" for _ in range(_BATCH)]
        return [Departments(each, f"gateway-{each}", self.broker) for each in districts]

    def names(self, made: Departments) -> list[str]:
        of_departments = [
            name(made.district, each) for each in DEPARTMENTS for name in (vhost_name, user_name)
        ]
        return [made.gateway, *of_departments]

    def definitions(self, made: Sequence[Departments]) -> Definitions:
        rows: dict[str, list[object]] = {"users": [user(each.gateway, PASSWORD) for each in made]}
        passwords = dict.fromkeys(DEPARTMENTS, PASSWORD)
        for each in made:
            for kind, found in vhosts(each.district, passwords, gateway=each.gateway).items():
                rows.setdefault(kind, []).extend(found)
        return rows
