"""trace and held: looking at one case, and at what could not be handled."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Annotated, Any

import typer

from civicgrid.client import OPERATOR, Api, ApiError
from civicgrid.commands.options import RunDir, addresses
from civicgrid.deployment.names import SERVICES
from civicgrid.local import LocalError
from civicgrid.show import console, say, table
from civicgrid.tracing import trace_case
from civicgrid.tracing_view import render

held = typer.Typer(help="Messages that could not be handled: list, show, replay, drop. 滞留消息")
ServiceName = Annotated[str, typer.Argument(help=", ".join(SERVICES))]
HeldId = Annotated[str, typer.Argument(help="As `held list` shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def trace(
    case: Annotated[str, typer.Argument(help="Id of a case (case:...) or a receipt code.")],
    run_dir: RunDir = None,
    as_json: AsJson = False,
) -> None:
    """Everything about one case: where it is, why, who has it, what it waits for."""

    async def ask() -> dict[str, Any]:
        async with Api(addresses(run_dir)) as api:
            return await trace_case(api, case)

    found = asyncio.run(ask())
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        console.print(render(found))


@held.command("list")
def held_list(run_dir: RunDir = None, as_json: AsJson = False) -> None:
    """What every service holds, with the reason."""
    rows = asyncio.run(_all_held(run_dir))
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    columns = ("service 服务", "id", "status 状态", "queue 队列", "reason 原因", "attempts#")
    shown = [
        (
            r["service"],
            r.get("id", r.get("_id", "")),
            r.get("status", ""),
            r.get("queue", ""),
            r.get("reason", ""),
            r.get("attempts", ""),
        )
        for r in rows
    ]
    console.print(table(f"held 滞留: {len(rows)}", columns, shown))


@held.command("show")
def held_show(service: ServiceName, held_id: HeldId, run_dir: RunDir = None) -> None:
    """One held message with its body."""
    found = _ask(run_dir, service, lambda api: api.get(service, f"/held/{held_id}", OPERATOR))
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))


@held.command("replay")
def held_replay(service: ServiceName, held_id: HeldId, run_dir: RunDir = None) -> None:
    """Try a held message again now."""
    path = f"/held/{held_id}/replay"
    _ask(run_dir, service, lambda api: api.post(service, path, {}, OPERATOR))
    say(f"{service} tries {held_id} again: see `civicgrid held list`")


@held.command("drop")
def held_drop(service: ServiceName, held_id: HeldId, run_dir: RunDir = None) -> None:
    """Throw a held message away for good."""
    path = f"/held/{held_id}"
    _ask(run_dir, service, lambda api: api.send("DELETE", service, path, OPERATOR))
    say(f"{service} has dropped {held_id}")


def _ask(run_dir: RunDir, service: str, call: Any) -> Any:
    if service not in SERVICES:
        raise LocalError(f"there is no service {service}", f"one of {', '.join(SERVICES)}")

    async def run() -> Any:
        async with Api(addresses(run_dir)) as api:
            wanted: Coroutine[Any, Any, Any] = call(api)
            return await wanted

    return asyncio.run(run())


async def _all_held(run_dir: RunDir) -> list[dict[str, Any]]:
    async with Api(addresses(run_dir)) as api:
        found = await asyncio.gather(*(_held_of(api, name) for name in SERVICES))
    return [row for rows in found for row in rows]


async def _held_of(api: Api, service: str) -> list[dict[str, Any]]:
    try:
        rows = await api.get(service, "/held", OPERATOR)
    except (ApiError, LocalError) as error:
        return [{"service": service, "status": "unknown", "reason": str(error)}]
    return [{"service": service, **row} for row in rows]
