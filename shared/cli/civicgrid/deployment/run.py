"""A run: one district on this machine, with its names, ports and secrets."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import BaseModel, Field, ValidationError

from case_contracts.clock import Clock, parse_clock, real_clock
from civicgrid.deployment.names import ISSUER, PORT_STEP, PROCESSES, REPLICATED, replica
from civicgrid.deployment.secrets import Secrets, draw
from civicgrid.local import LocalError
from civicgrid.local.private import write_private

NOTE = "run.json"
SMTP = "smtp"
Ports = Callable[[int], Sequence[int]]


class Run(BaseModel):
    """Everything that the processes of one run agree on; kept as ``run.json``, mode 0600.

    ``id`` names vhosts, users and databases, so that runs on one broker and store do not meet.
    ``clock`` is anchored (``<iso>x<speed>@<unix>``) or None for real time. ``ports`` are by
    name of process, and ``smtp``. ``settings`` are a service's own, by name without the prefix.
    """

    id: str
    district: str
    departments: tuple[str, ...]
    department_config: str | None = None
    clock: str | None = None
    replicas: int = 1
    settings: dict[str, dict[str, str]] = {}
    ports: dict[str, int]
    amqp_url: Annotated[str, Field(repr=False)]
    mongo_url: Annotated[str, Field(repr=False)]
    secrets: Annotated[Secrets, Field(repr=False)]

    @classmethod
    def new(
        cls,
        district: str,
        departments: Sequence[str],
        *,
        ports: dict[str, int],
        amqp_url: str,
        mongo_url: str,
        clock: str | None = None,
        replicas: int = 1,
        department_config: str | Path | None = None,
        settings: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> Self:
        """A run with names and secrets of its own. Raises ValueError for a malformed clock."""
        return cls(
            id=f"{district}-{secrets.token_hex(3)}",
            district=district,
            departments=tuple(departments),
            department_config=str(department_config) if department_config else None,
            clock=parse_clock(clock).text() if clock else None,
            replicas=replicas,
            settings={name: dict(own) for name, own in settings.items()},
            ports=ports,
            amqp_url=amqp_url,
            mongo_url=mongo_url,
            secrets=draw(departments),
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The run of a folder; LocalError when nothing was started there, or by another version."""
        note = folder / NOTE
        if not note.is_file():
            raise LocalError(f"nothing has been started in {folder}", "run `civicgrid up` first")
        try:
            return cls.model_validate_json(note.read_text())
        except ValidationError as error:
            wrong = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
            raise LocalError(
                f"{note} was written by another version of civicgrid: {wrong}",
                "end it with the version that started it, or stop its processes and delete the"
                " folder, then start anew",
            ) from None

    def save(self, folder: Path) -> None:
        """Keep it in ``folder``, readable by this user alone."""
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / NOTE, self.model_dump_json(indent=1))

    @property
    def vhost(self) -> str:
        """The services' vhost."""
        return f"civicgrid-{self.id}"

    def user(self, service: str) -> str:
        """A service's user on the broker."""
        return f"civicgrid-{self.id}-{service}"

    def database(self, service: str) -> str:
        """A service's database."""
        return f"civicgrid_{self.id}_{service}".replace("-", "_")

    def url(self, process: str) -> str:
        """Where a process answers HTTP."""
        return f"http://127.0.0.1:{self.ports[process]}"

    def urls(self, service: str) -> list[str]:
        """Where each replica of a service answers."""
        count = self.replicas if service in REPLICATED else 1
        return [self.url(replica(service, number)) for number in range(1, count + 1)]

    @property
    def token_url(self) -> str:
        return f"{self.url(ISSUER)}/token"

    def domain_clock(self) -> Clock:
        """The clock of the run's processes."""
        return parse_clock(self.clock) if self.clock else real_clock()


def fixed_ports(base: int, replicas: int) -> dict[str, int]:
    """Ports from ``base`` on, always the same; replicas 20 apart."""
    names = (*PROCESSES, SMTP)
    return {
        replica(name, number): base + names.index(name) + (number - 1) * PORT_STEP
        for number in range(1, replicas + 1)
        for name in (names if number == 1 else REPLICATED)
    }


def drawn_ports(replicas: int, draw_ports: Ports) -> dict[str, int]:
    """Free ports for the same processes, for runs that may overlap with others."""
    names = list(fixed_ports(0, replicas))
    return dict(zip(names, draw_ports(len(names)), strict=True))
