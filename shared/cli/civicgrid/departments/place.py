"""Where departments are connected: a run on this machine, or a deployment named by environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from case_bus.department_vhost import user_name, vhost_name
from civicgrid.departments.files import Files
from civicgrid.local.admin import Admin

AMQP_URL = "CIVICGRID_AMQP_URL"


@dataclass(frozen=True)
class Place:
    """``name`` is the first part of vhosts' names. ``broker`` and ``gateway_broker`` are the
    broker's address without a login, as departments and as the gateway reach it. ``known`` are
    passwords of departments that somebody else has drawn. ``foreign_vhosts`` must be closed to
    every department. ``token_url`` None: tokens come from an issuer that is not ours."""

    name: str
    files: Files
    admin: Admin
    broker: str
    gateway_broker: str
    gateway_user: str
    gateway_password: str
    gateway_url: str
    known: Mapping[str, str] = field(default_factory=dict)
    foreign_vhosts: tuple[str, ...] = ()
    token_url: str | None = None
    clock: str | None = None

    def vhost(self, department: str) -> str:
        return vhost_name(self.name, department)

    def address(self, department: str, password: str) -> str:
        """The department's, as its own user."""
        user = user_name(self.name, department)
        return login(self.broker, self.vhost(department), user, password)

    def line(self, department: str) -> str:
        """The gateway's, in the same vhost."""
        vhost = self.vhost(department)
        return login(self.gateway_broker, vhost, self.gateway_user, self.gateway_password)

    def password(self, department: str) -> str | None:
        """What is known of the department's password."""
        url = self.files.credentials(department).get(AMQP_URL)
        return urlsplit(url).password if url else self.known.get(department)

    def is_http_only(self, department: str) -> bool:
        """Whether it was connected without a vhost."""
        said = self.files.credentials(department)
        return bool(said) and AMQP_URL not in said


def login(broker: str, vhost: str, user: str, password: str) -> str:
    """A broker's address for somebody on a vhost; options behind ``?`` stay."""
    parts = urlsplit(broker)
    where = parts.netloc.rpartition("@")[2]
    said = f"{quote(user, safe='')}:{quote(password, safe='')}@{where}"
    return parts._replace(netloc=said, path=f"/{quote(vhost, safe='')}").geturl()
