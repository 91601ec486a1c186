"""``civicgrid departments ...``: from a charter to a department that is connected, and back."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from civicgrid.client import Api
from civicgrid.commands.options import RunDir, addresses, system
from civicgrid.departments import connecting, rotating
from civicgrid.departments.place import Place
from civicgrid.departments.places import VARIABLE, deployed_place
from civicgrid.departments.plan import Wanted
from civicgrid.departments.probing import refuse
from civicgrid.departments.registered import Registered, registered
from civicgrid.departments.retiring import retire
from civicgrid.departments.standing import standings
from civicgrid.local import LocalError
from civicgrid.show import console, say, table

departments = typer.Typer(
    name="departments",
    help="Connect departments by their charters: apply, list, rotate, token. 部门接入。",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(help="The department's id.")]


@departments.command("apply")
def apply(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be made.")
    ] = False,
    broker: Annotated[
        list[str], typer.Option(help="ID=amqps://...: a department's own broker; makes nothing.")
    ] = [],  # noqa: B006 typer copies it
    http_only: Annotated[
        list[str], typer.Option("--http-only", help="ID: no vhost, it comes over HTTP.")
    ] = [],  # noqa: B006 typer copies it
    retired: Annotated[
        str | None, typer.Option("--retire", help="Close this department's line and delete it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Retire without asking.")] = False,
    run_dir: RunDir = None,
) -> None:
    """Make what is missing for departments with charters: vhost, login, line, credentials."""
    found = _registered(run_dir)
    place = place_of(run_dir)
    own = dict(map(_own_broker, broker))
    _refuse_strangers({*own, *http_only}, found)
    with nullcontext() if dry_run else place.files.alone():
        if retired is not None:
            retire(place, retired, found, sure=yes, dry_run=dry_run)
            return
        wishes = connecting.plans(place, _on_our_broker(place, found, own), http_only)
        _show(place, found, wishes, own)
        if not dry_run:
            _apply(place, wishes, own)


def _on_our_broker(
    place: Place, found: Sequence[Registered], own: Mapping[str, str]
) -> Sequence[str]:
    elsewhere = {*own, *place.files.brokers()}
    return [
        each.department for each in found if each.chartered and each.department not in elsewhere
    ]


def _apply(place: Place, wishes: Sequence[Wanted], own: dict[str, str]) -> None:
    changed = [name for name, url in own.items() if connecting.use_broker(place, name, url)]
    holes = asyncio.run(connecting.connect(place, wishes))
    apart = [wish.department for wish in wishes if wish.department not in holes]
    changed += [w.department for w in wishes if w.missing and w.department in apart]
    renewed = [name for name in apart if connecting.keep_token(place, name)]
    for name in changed:
        say(f"connected 已接入 {name}: {place.files.credentials_file(name)}")
    for name in sorted(set(renewed) - set(changed)):
        say(f"token renewed 令牌已更新 {name}")
    if not (changed or renewed or holes):
        say("nothing to do 无需处理")
    refuse(place, holes)


@departments.command("list")
def listed(run_dir: RunDir = None) -> None:
    """How each department is connected, and how far its inbox is filled."""
    place, found = place_of(run_dir), _registered(run_dir)
    lines = asyncio.run(standings(addresses(run_dir)))
    there = {str(row["name"]) for row in place.admin.definitions().get("vhosts", ())}
    rows = [
        (
            row.department,
            len(row.in_force),
            len(row.to_come),
            _way(place, row.department, there),
            lines.line(row.department),
            lines.cursor(row.department),
        )
        for row in found
    ]
    columns = ("department 部门", "in force 有效权责#", "to come 待生效#", "vhost", "line 线路",
               "sent to 已送#")  # fmt: skip
    console.print(table("departments 部门", columns, rows))


@departments.command("rotate")
def rotate(
    department: Id,
    close_old: Annotated[
        bool, typer.Option("--close-old", help="End what was opened with the old credentials.")
    ] = False,
    run_dir: RunDir = None,
) -> None:
    """New password and secret; once the department uses them, end the old with --close-old."""
    place = place_of(run_dir)
    if close_old:
        with place.files.alone():
            rotating.end_old(place, department)
        say(f"{department}: old connections are closed, the old secret is refused 旧凭据已失效")
        return
    with place.files.alone():
        rotating.rotate(place, department)
    if not os.environ.get(VARIABLE):
        system(run_dir).tell_hosted(department, place)
    say(f"{department}: new credentials 新凭据 {place.files.credentials_file(department)}")
    say("give them to its service, restart it, then 然后:"
        f" civicgrid departments rotate {department} --close-old")  # fmt: skip


@departments.command("token")
def token(department: Id, run_dir: RunDir = None) -> None:
    """Write a fresh token for a day where the one there is no longer taken. In a local run."""
    place = place_of(run_dir)
    if place.token_url is None:
        raise LocalError("tokens come from the district's own issuer", "ask it for one")
    renewed = connecting.keep_token(place, department)
    file = place.files.token_file(department)
    say(f"{'token renewed 令牌已更新' if renewed else 'still good 仍有效'}: {file}")


def place_of(run_dir: Path | None) -> Place:
    """The deployment that the environment names, else the run."""
    return deployed_place() if os.environ.get(VARIABLE) else system(run_dir).place()


def _registered(run_dir: Path | None) -> list[Registered]:
    async def go() -> list[Registered]:
        async with Api(addresses(run_dir)) as api:
            return await registered(api)

    return asyncio.run(go())


def _own_broker(said: str) -> tuple[str, str]:
    department, _, url = said.partition("=")
    if not url.startswith(("amqp://", "amqps://")):
        raise LocalError(f"--broker {department}=... is no broker's address",
                         "say --broker ID=amqps://user:password@host/vhost")  # fmt: skip
    return department, url


def _refuse_strangers(named: set[str], found: Sequence[Registered]) -> None:
    strangers = sorted(named - {row.department for row in found})
    if strangers:
        known = ", ".join(row.department for row in found)
        raise LocalError(f"the registry does not know {', '.join(strangers)}", f"it knows {known}")


def _show(
    place: Place, found: Sequence[Registered], wishes: Sequence[Wanted], own: dict[str, str]
) -> None:
    missing = {wish.department: ", ".join(wish.missing) or "-" for wish in wishes}
    brokers = place.files.brokers() | own
    rows = []
    for row in found:
        what = missing.get(row.department, "")
        if row.department in brokers:
            what = "own broker 自有消息服务"
        elif not row.chartered:
            here = row.department in place.files.lines()
            what = "no charter 无权责" + (f" (--retire {row.department})" if here else "")
        rows.append((row.department, len(row.in_force), len(row.to_come), what))
    columns = ("department 部门", "in force 有效权责#", "to come 待生效#", "to make 待建")
    console.print(table("departments 部门", columns, rows))


def _way(place: Place, department: str, there: set[str]) -> str:
    if department in place.files.brokers():
        return "own broker 自有"
    if place.is_http_only(department):
        return "HTTP only 仅HTTP"
    vhost = place.vhost(department)
    return vhost if vhost in there else "not connected 未接入"
