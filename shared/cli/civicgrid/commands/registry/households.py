"""``civicgrid registry households ...``: the register and its map."""

import asyncio
import json
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from civicgrid.client import Api, As
from civicgrid.commands.options import RunDir, addresses
from civicgrid.commands.registry.asking import DryRun, ask
from civicgrid.show import console, say, table

households = typer.Typer(
    help="Households: entries with consent, and the map of counts. 户况登记与户况网格图。",
    no_args_is_help=True,
)
READS = As("operator", "households.read", "operator")
KEEPS = As("operator", "households.write", "operator")
Entry = Annotated[str, typer.Argument(help="household:...")]
Body = Annotated[
    Path, typer.Argument(help="JSON file, or - for standard input: nothing stays in the shell.")
]
At = Annotated[str | None, typer.Option(help="A time with its zone; default now.")]
HIDDEN = "…"


@households.command("map")
def show_map(
    grid: str,
    run_dir: RunDir = None,
    at: At = None,
    depth: Annotated[int | None, typer.Option(help="So many levels below it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Households and their service needs per grid; small counts are not shown (户况网格图)."""
    found = ask(run_dir, f"/grids/{quote(grid)}/household-map", at=at, depth=depth)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    kinds = found["kinds"] if found["counted_at"] else {}
    titles = [f"{name['zh']} {name['en']}#" for name in kinds.values()]
    columns = ("grid 网格", "name 名称", "households 户数#", *titles, "total 合计#")
    rows = [_map_row(row, kinds) for row in found["rows"]]
    console.print(table(f"household map 户况网格图: {grid}", columns, rows))
    say(f"{HIDDEN} fewer than {found['threshold']}, or left out for that reason 少于阈值或为此隐去")
    if not found["counted_at"]:
        say("the needs are not counted: the ground of that time is not that of now")


def _map_row(row: Mapping[str, Any], kinds: Mapping[str, Any]) -> list[object]:
    def cell(count: int | None, name: str) -> object:
        return HIDDEN if name in row["suppressed"] else "" if count is None else count

    needs = [cell(row["needs"].get(kind), kind) for kind in kinds]
    total = HIDDEN if kinds and row["total"] is None else row["total"]
    households_cell = cell(row["households"], "households")
    return [row["grid"], row["name"]["zh"], households_cell, *needs, "" if total is None else total]


@households.command("list")
def show_list(grid: str, run_dir: RunDir = None, after: str | None = None) -> None:
    """The entries on a grid's ground, without what is kept of them."""
    found = ask(run_dir, "/households", READS, grid=grid, after=after)
    columns = ("entry 户", "grid 网格", "needs 需求#", "until 至")
    rows = [(h["entry"], h["grid"], h["needs"], h["valid_to"]) for h in found["households"]]
    console.print(table(f"households 户: {found['total']}", columns, rows))


@households.command("show")
def show(
    entry: Entry,
    purpose: Annotated[str, typer.Option(help="What for; it is written down.")],
    run_dir: RunDir = None,
) -> None:
    """What is kept of a household. That you read it, and what for, is written down first."""
    found = ask(run_dir, f"/households/{quote(entry)}", READS, purpose=purpose)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))


@households.command("audit")
def show_audit(entry: Entry, run_dir: RunDir = None) -> None:
    """Who read, counted or changed an entry, when and what for."""
    found = ask(run_dir, f"/households/{quote(entry)}/audit", READS)
    columns = ("at 时间", "who 何人", "for 代", "what 何事", "purpose 目的")
    rows = [(r["at"], r["who"], r["on_behalf_of"] or "", r["what"], r["purpose"] or "")
            for r in found]  # fmt: skip
    console.print(table(f"{entry}", columns, rows))


@households.command("register")
def register(file: Body, run_dir: RunDir = None, dry_run: DryRun = False) -> None:
    """Put a household on the register, with its consent: grid, address, consented_at, valid_to."""
    _change(run_dir, "/households", _read(file), dry_run)


@households.command("need")
def need(entry: Entry, file: Body, run_dir: RunDir = None, dry_run: DryRun = False) -> None:
    """Keep a service need, with its household's consent: kind, purpose, note, valid_to."""
    _change(run_dir, f"/households/{quote(entry)}/needs", _read(file), dry_run)


@households.command("withdraw")
def withdraw(
    entry: Entry,
    need: Annotated[str, typer.Argument(help="need:...")],
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """The household takes its consent to a need back: what is kept of it is destroyed."""
    path = f"/households/{quote(entry)}/needs/{quote(need)}/withdrawal"
    _change(run_dir, path, None, dry_run)


@households.command("erase")
def erase(entry: Entry, run_dir: RunDir = None, dry_run: DryRun = False) -> None:
    """The household takes its consent back: its key is destroyed, and all with it."""
    _change(run_dir, f"/households/{quote(entry)}/erasure", None, dry_run)


def _read(file: Path) -> Any:
    text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    try:
        return json.loads(text)
    except ValueError as error:
        say(f"{file}: this is not JSON: {error}")
        raise typer.Exit(1) from None


def _change(run_dir: Path | None, path: str, body: Any, dry_run: bool) -> None:
    async def go() -> Any:
        async with Api(addresses(run_dir)) as api:
            return await api.send(
                "POST", "registry", path, KEEPS, json=body, params={"dry_run": dry_run},
                headers={"Idempotency-Key": str(uuid.uuid4())},
            )  # fmt: skip

    found = asyncio.run(go())
    title = "would be said 将发布" if found["dry_run"] else "said 已发布"
    rows = [(each, found["entry"] or "", found["need"] or "") for each in found["published"]]
    console.print(table(title, ("event 事件", "entry 户", "need 需求"), rows))
