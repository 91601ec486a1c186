"""``civicgrid sandbox NAME``: from its vhost to Ctrl-C."""

import asyncio
import contextlib
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import typer
import uvicorn

from civicgrid.departments.files import as_env
from civicgrid.local import Broker, LocalError, processes
from civicgrid.local.private import write_private
from civicgrid.sandbox.desk import SandboxDesk
from civicgrid.sandbox.http import create_app
from civicgrid.sandbox.mailbox import Mailbox, VhostLine
from civicgrid.sandbox.passing import Happened
from civicgrid.sandbox.vhost import Vhost, vhost
from civicgrid.show import say
from service_kit.http import serving

HOST = "127.0.0.1"
CONTROL, TOKEN, ENV, PID = "control.json", "token", "department.env", "pid"
TICK_SECONDS = 1.0


@dataclass(frozen=True)
class SandboxOptions:
    """``folder`` is the sandbox's own; ``matters`` are given as tasks at once."""

    department: str
    folder: Path
    port: int
    matters: Sequence[str]
    lease: timedelta

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def run(options: SandboxOptions, broker: Broker) -> None:
    """Until Ctrl-C; then its vhost, its users and its credentials are gone."""
    try:
        with (
            _alone(options.folder),
            vhost(broker, options.department, options.folder) as made,
            _credentials(options, made) as token,
        ):
            typer.echo(_env(options, made), nl=False)
            say(f"also in 另存于 {options.folder / ENV}; Ctrl-C ends 按 Ctrl-C 结束")
            asyncio.run(_serve(options, made, token))
    except KeyboardInterrupt:
        say("the sandbox has ended, its vhost is gone 沙箱已结束，消息空间已删除")


async def _serve(options: SandboxOptions, made: Vhost, token: str) -> None:
    mailbox, desk = Mailbox(), SandboxDesk(options.department, options.lease)
    line = VhostLine(made.for_gateway, made.user)
    app = create_app(desk, mailbox, token)
    config = serving.config(app, HOST, options.port, timeout_graceful_shutdown=1)
    await desk.start(mailbox.put)
    for matter in options.matters:
        await desk.new(matter)
    try:
        await line.hear(desk)
        async with asyncio.TaskGroup() as group:
            background = [group.create_task(line.fill(mailbox)), group.create_task(_watch(desk))]
            await uvicorn.Server(config).serve()
            for each in background:
                each.cancel()
    finally:
        await line.close()


async def _watch(desk: SandboxDesk) -> None:
    """Time passes by itself too."""
    while True:
        tell(await desk.pass_time())
        await asyncio.sleep(TICK_SECONDS)


def tell(happened: Sequence[Happened]) -> None:
    for each in happened:
        say(f"{each.taskid}: {each.said.en} {each.said.zh}")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One sandbox in a folder; raises LocalError where another runs."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    other = processes.running(folder / PID)
    if other is not None:
        raise LocalError(f"this sandbox runs already (process {other.pid})", "end it first")
    processes.write_pid(folder / PID, os.getpid())
    try:
        yield
    finally:
        (folder / PID).unlink()


@contextlib.contextmanager
def _credentials(options: SandboxOptions, made: Vhost) -> Iterator[str]:
    """The files by which a department and the other commands find the sandbox; the token."""
    token = secrets.token_urlsafe(24)
    control = {"url": options.url, "department": options.department, "token": token}
    texts = {TOKEN: token, ENV: _env(options, made), CONTROL: json.dumps(control)}
    for name, text in texts.items():
        write_private(options.folder / name, text)
    try:
        yield token
    finally:
        for name in texts:
            (options.folder / name).unlink()


def _env(options: SandboxOptions, made: Vhost) -> str:
    values = {
        "CIVICGRID_DEPARTMENT": options.department,
        "CIVICGRID_AMQP_URL": made.for_department,
        "CIVICGRID_GATEWAY_URL": options.url,
        "CIVICGRID_TOKEN_FILE": str(options.folder.resolve() / TOKEN),
    }
    return as_env(values)
