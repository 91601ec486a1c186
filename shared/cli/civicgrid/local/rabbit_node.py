"""A RabbitMQ node of our own: own ports, cookie, name and data, beside any other on the machine."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path

from civicgrid.local import processes
from civicgrid.local.admin import RabbitCtl
from civicgrid.local.errors import LocalError
from civicgrid.local.install import RABBIT_SERVER, Say, rabbitmq_server
from civicgrid.local.ports import free_ports
from civicgrid.local.probe import probe

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


class OwnNode:
    """A node whose files are all in `folder`. The same folder gives the same node again.

    Loopback only. User guest/guest is its administrator.
    """

    def __init__(self, folder: Path, *, plugins: Sequence[str] = (), settings: str = "") -> None:
        """`settings` are further lines of rabbitmq.conf, `plugins` e.g. rabbitmq_management."""
        self.folder = folder.resolve()
        self._plugins = list(plugins)
        self._settings = settings
        self.pid_file = self.folder / "node.pid"
        self.log = self.folder / "node.log"
        self._epmd_pid_file = self.folder / "z-epmd.pid"  # sorts last: stopped after the node
        self._identity = self._read_identity()
        self.ctl = RabbitCtl(self._run_ctl)

    @property
    def port(self) -> int:
        """AMQP port."""
        return int(self._identity["amqp"])

    @property
    def management_port(self) -> int:
        """Port of the management interface, when that plugin is on."""
        return int(self._identity["management"])

    @property
    def url(self) -> str:
        """The administrator's AMQP URL."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    @property
    def running(self) -> bool:
        """Whether its process runs (it may still be starting, or be frozen)."""
        return processes.running(self.pid_file) is not None

    def start(self, say: Say = lambda _line: None) -> None:
        """Start it (install RabbitMQ first when missing) and wait until it answers.

        Raises LocalError with the last lines of its log when it does not within a minute.
        """
        program = rabbitmq_server(say)
        self._write_config()
        try:
            if not self.running:
                self._launch(program)
            self._await_answer()
        except BaseException:  # Ctrl-C too: nothing is left behind
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the node gracefully (killed after 20 s), and its epmd."""
        processes.stop(self.pid_file, _STOP_SECONDS)
        processes.stop(self._epmd_pid_file)

    def kill9(self) -> None:
        """SIGKILL the node, as a crash would."""
        processes.kill(self.pid_file)

    def restart(self) -> None:
        """Stop (when running) and start again, with the same data and ports."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT after `freeze`."""
        self._signal(signal.SIGCONT)

    def stop_app(self) -> None:
        """Close all connections and listeners; the Erlang machine stays."""
        self.ctl.call("stop_app")

    def start_app(self) -> None:
        """Open again after `stop_app`."""
        self.ctl.call("start_app")

    def _signal(self, number: signal.Signals) -> None:
        process = processes.running(self.pid_file)
        if process is None:
            raise LocalError(f"the node in {self.folder} does not run", "start it first")
        process.send_signal(number)

    def _launch(self, program: Path) -> None:
        self._start_epmd()
        # The script then becomes beam, instead of staying as a shell above it.
        env = self._env() | {"RUNNING_UNDER_SYSTEMD": "true"}
        processes.start([str(program)], env=env, log=self.log, pid_file=self.pid_file)

    def _await_answer(self) -> None:
        processes.wait_until(lambda: self._answers() or not self.running, _START_SECONDS)
        if not self._answers():
            said = processes.tail(self.log)
            raise LocalError(f"our own RabbitMQ node did not start:\n{said}", f"see {self.log}")

    def _answers(self) -> bool:
        with contextlib.suppress(ConnectionError):
            return bool(probe(self.url, 3).version)
        return False

    def _read_identity(self) -> dict[str, str | int]:
        """Ports and name, drawn once per folder, so that a restart finds the same clients."""
        note = self.folder / "identity.json"
        if note.exists():
            identity: dict[str, str | int] = json.loads(note.read_text())
            return identity
        self.folder.mkdir(parents=True, exist_ok=True)
        names = ("amqp", "dist", "epmd", "management")
        drawn: dict[str, str | int] = {
            "name": f"civicgrid-{uuid.uuid4().hex[:10]}@localhost",
            **dict(zip(names, free_ports(len(names)), strict=True)),
        }
        note.write_text(json.dumps(drawn))
        return drawn

    def _write_config(self) -> None:
        lines = [
            f"listeners.tcp.local = 127.0.0.1:{self.port}",
            "disk_free_limit.absolute = 50MB",
            "log.console = true",
            "log.file = false",
        ]
        if "rabbitmq_management" in self._plugins:
            lines += [
                "management.tcp.ip = 127.0.0.1",
                f"management.tcp.port = {self.management_port}",
            ]
        (self.folder / "rabbitmq.conf").write_text("\n".join([*lines, self._settings, ""]))
        (self.folder / "enabled_plugins").write_text(f"[{','.join(self._plugins)}].\n")
        (self.folder / "env.conf").write_text("")

    def _start_epmd(self) -> None:
        epmd = shutil.which("epmd")
        if epmd is None:
            raise LocalError("epmd is missing beside RabbitMQ", "install Debian's erlang-base")
        if processes.running(self._epmd_pid_file) is None:
            command = [epmd, "-port", str(self._identity["epmd"]), "-address", "127.0.0.1"]
            log = self.folder / "epmd.log"
            processes.start(command, env=self._env(), log=log, pid_file=self._epmd_pid_file)

    def _env(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("RABBITMQ_", "ERL_"))}
        return inherited | {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": str(self._identity["name"]),
            "RABBITMQ_DIST_PORT": str(self._identity["dist"]),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "ERL_EPMD_PORT": str(self._identity["epmd"]),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def _run_ctl(
        self, *args: str, stdin: str | None = None, timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(RABBIT_SERVER.with_name("rabbitmqctl")), "-q", *args],
            env=self._env(),
            input=stdin or "",
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
