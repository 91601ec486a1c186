"""A run on this machine: its broker, store and processes, found or started, and stopped again."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pymongo

from case_contracts.clock import parse_clock
from civicgrid.departments import probing
from civicgrid.departments.place import Place
from civicgrid.departments.places import run_place
from civicgrid.departments.plan import names_of
from civicgrid.deployment import Run, service_processes
from civicgrid.deployment.names import DEPARTMENT, SERVICES
from civicgrid.deployment.rabbit import run_definitions, run_names
from civicgrid.deployment.run import NOTE, drawn_ports, fixed_ports
from civicgrid.deployment.services import MAILS
from civicgrid.deployment.subscribed import subscribed_types
from civicgrid.local import (
    Broker,
    LocalError,
    Service,
    Store,
    Supervisor,
    existing_broker,
    find_broker,
    find_store,
    handles,
    own_broker,
    processes,
)
from civicgrid.local.install import Say
from civicgrid.local.ports import free_ports

START_SECONDS = 90.0


@dataclass(frozen=True)
class Wish:
    """What is to run. ``port_base`` None draws free ports; ``clock`` None is real time.

    ``department_config`` names files and folders, separated by commas; ``settings`` are services'
    own, by name without the prefix (``{"dispatch": {"lease_minutes": "60"}}``).
    """

    district: str
    departments: Sequence[str]
    department_config: str | Path | None = None
    clock: str | None = None
    replicas: int = 1
    port_base: int | None = 8100
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class System:
    """The run kept in ``folder``: ``run.json``, ``processes/``, ``broker/``, ``store/``.

    ``broker`` and ``store`` are found or started when not given; given ones are not stopped.
    """

    def __init__(
        self, folder: Path, broker: Broker | None = None, store: Store | None = None
    ) -> None:
        self.folder = folder
        self._broker, self._store = broker, store
        self.supervisor = Supervisor(folder / "processes")
        self.mails = folder / MAILS

    @property
    def exists(self) -> bool:
        """Whether something was started here and not purged."""
        return (self.folder / NOTE).is_file()

    def run(self) -> Run:
        """The run; LocalError when nothing was started here."""
        return Run.load(self.folder)

    def start(self, wish: Wish, say: Say) -> Run:
        """Start everything; a run that exists already goes on with its data.

        Raises LocalError, naming it, when a port is taken, the broker or store cannot be used,
        a process does not become ready, or the folder holds another district's run.
        """
        self._refuse_running()
        _refuse_clock(wish.clock)
        try:
            return self._start(wish, say)
        except BaseException:
            self.stop()
            raise

    def _start(self, wish: Wish, say: Say) -> Run:
        broker = self._broker or find_broker(self.folder / "broker", say)
        store = self._store or find_store(self.folder / "store", say)
        run = self._made(wish, broker, store)
        self.supervisor.refuse_ports_in_use(self.services(run))
        say(f"Preparing {run.vhost} on the broker ...")
        definitions = run_definitions(run, subscribed_types())
        if not self.exists:  # what exists already has its room
            handles.require_room(broker.handles(), definitions)
        broker.import_definitions(definitions)
        run.save(self.folder)
        self._connect_hosted(run_place(run, self.folder, broker.admin), run)
        say("Starting the services ...")
        self.supervisor.start(self.services(run), timeout=START_SECONDS, say=say)
        return run

    def _connect_hosted(self, place: Place, run: Run) -> None:
        """The gateway's lines to the departments that run here, after a look whether they are
        apart. Those that joined meanwhile keep theirs."""
        words = {each: run.secrets.departments[each] for each in run.departments}
        probing.refuse(place, asyncio.run(probing.holes(place, words)))
        lines = {each: place.line(each) for each in run.departments}
        place.files.save_lines(place.files.lines() | lines)

    def place(self) -> Place:
        """Where departments are connected to this run."""
        run = self.run()
        broker = self._broker or existing_broker() or own_broker(self.folder / "broker")
        if broker.amqp_url() != run.amqp_url:
            raise LocalError(
                f"the run in {self.folder} uses another broker than the one found here",
                "set AMQP_URL as it was when `civicgrid up` was run",
            )
        return run_place(run, self.folder, broker.admin)

    def services(self, run: Run) -> list[Service]:
        """The run's processes."""
        return service_processes(run, self.folder)

    def stop(self) -> int:
        """Stop the services, and the broker and store where they are our own."""
        stopped = self.supervisor.stop()
        processes.stop_all(self.folder)
        return stopped

    def purge(self) -> None:
        """Delete the run's vhosts, users and databases, then all of its folder.

        Stops everything.
        """
        run = self.run()
        self.supervisor.stop()
        broker = self._broker or existing_broker()
        if broker is not None and broker.amqp_url() == run.amqp_url:
            place = run_place(run, self.folder, broker.admin)
            joined = [names_of(place, each) for each in place.files.departments()]
            vhosts, users = run_names(run)
            broker.delete([*vhosts, *(v for v, _ in joined)], [*users, *(u for _, u in joined)])
        if self._on_somebody_elses_store(run):
            _drop_databases(run)
        processes.stop_all(self.folder)
        shutil.rmtree(self.folder)

    def restart(self, name: str, run: Run, env: Mapping[str, str] | None = None) -> None:
        """Start one process again after it was stopped or killed; `env` adds to its own."""
        wanted = next(each for each in self.services(run) if each.name == name)
        self.supervisor.restart(replace(wanted, env={**wanted.env, **(env or {})}))

    def tell_hosted(self, department: str, place: Place) -> None:
        """After a rotation: a department that this run hosts goes on with its new password."""
        run, password = self.run(), place.password(department)
        if department in run.departments and password is not None:
            words = run.secrets.departments | {department: password}
            secrets = run.secrets.model_copy(update={"departments": words})
            run = run.model_copy(update={"secrets": secrets})
            run.save(self.folder)
            self.restart(DEPARTMENT, run)

    def _on_somebody_elses_store(self, run: Run) -> bool:
        """An embedded one goes with its folder, whoever started it."""
        if self._store is not None:
            return self._store.own is None
        return os.environ.get("MONGO_URL") == run.mongo_url

    def _refuse_running(self) -> None:
        up = [each.name for each in self.supervisor.status() if each.state != "stopped"]
        if up:
            raise LocalError(
                f"{len(up)} processes of {self.folder} are running already ({', '.join(up)})",
                "see `civicgrid status`, or stop them with `civicgrid down`",
            )

    def _made(self, wish: Wish, broker: Broker, store: Store) -> Run:
        where = {"amqp_url": broker.amqp_url(), "mongo_url": store.url}
        if self.exists:
            return self._continued(wish, where)
        ports = (
            drawn_ports(wish.replicas, free_ports)
            if wish.port_base is None
            else fixed_ports(wish.port_base, wish.replicas)
        )
        return Run.new(
            wish.district,
            wish.departments,
            ports=ports,
            clock=wish.clock,
            replicas=wish.replicas,
            department_config=wish.department_config,
            settings=wish.settings,
            **where,
        )

    def _continued(self, wish: Wish, where: dict[str, str]) -> Run:
        run = self.run()
        same = (run.district, set(run.departments)) == (wish.district, set(wish.departments))
        if not same:
            raise LocalError(
                f"{self.folder} holds a run of {run.district} with {', '.join(run.departments)}",
                "give another folder with --run-dir, or delete that run: civicgrid down --purge",
            )
        return run.model_copy(update=where)


def _refuse_clock(text: str | None) -> None:
    """Before anything is started."""
    try:
        if text is not None:
            parse_clock(text)
    except ValueError as error:
        raise LocalError(str(error), "such as 2026-01-05T08:00+08:00x600") from None


def _drop_databases(run: Run) -> None:
    with pymongo.MongoClient[dict[str, object]](run.mongo_url) as client:
        for service in (*SERVICES, DEPARTMENT):
            client.drop_database(run.database(service))
