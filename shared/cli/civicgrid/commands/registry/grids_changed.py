"""``civicgrid registry grids``: changes of the territory, each with a dry run and a map."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer
import yaml

from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import DryRun, change
from civicgrid.show import say

Reason = Annotated[str, typer.Option(help="Why; it is kept in the audit trail.")]
From = Annotated[
    datetime | None,
    typer.Option("--from", help="From when on, such as 2026-06-01T00:00:00+08:00; default now.",
                 formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
]  # fmt: skip
MapFile = Annotated[
    Path | None, typer.Option("--map", help="Write a map of what is wrong to this SVG.")
]
Body = Annotated[
    Path, typer.Argument(help="YAML or JSON as in the API's documentation of the same change.")
]


def import_grids(
    file: Annotated[Path, typer.Argument(help="A GeoJSON FeatureCollection of one level.")],
    level: Annotated[str, typer.Option(help="The level of its grids.")],
    reason: Reason,
    since: From = None,
    dry_run: DryRun = False,
    map_file: MapFile = None,
    run_dir: RunDir = None,
) -> None:
    """Bring in grids of one level: known codes are drawn anew, others created. 导入"""
    params = {"level": level, "reason": reason} | _when(since)
    change(run_dir, "/grids/import", _read(file), dry_run=dry_run, map_file=map_file,
           params=params | _map(map_file))  # fmt: skip


def split(
    code: str, file: Body, dry_run: DryRun = False, map_file: MapFile = None,
    run_dir: RunDir = None,
) -> None:  # fmt: skip
    """Split a grid into the parts of a file: `reason`, `parts`, `postings`... 拆分"""
    change(run_dir, _path(code, "split"), _read(file), dry_run=dry_run, map_file=map_file,
           params=_map(map_file))  # fmt: skip


def merge(
    codes: Annotated[list[str], typer.Argument(help="The grids that become one.")],
    into: Annotated[str, typer.Option(help="One of them, which goes on, or a new code.")],
    reason: Reason,
    since: From = None,
    dry_run: DryRun = False,
    map_file: MapFile = None,
    run_dir: RunDir = None,
) -> None:
    """Merge grids of one parent. 合并"""
    body = {"grids": codes, "into": {"grid": into}, "reason": reason} | _when(since)
    change(run_dir, "/grids/merge", body, dry_run=dry_run, map_file=map_file,
           params=_map(map_file))  # fmt: skip


def redraw(
    file: Body, dry_run: DryRun = False, map_file: MapFile = None, run_dir: RunDir = None
) -> None:
    """Draw borders between neighbours anew, from a file with `reason` and `grids`. 边界调整"""
    change(run_dir, "/grids/redraw", _read(file), dry_run=dry_run, map_file=map_file,
           params=_map(map_file))  # fmt: skip


def move(
    code: str,
    parent: str,
    reason: Reason,
    renamed: Annotated[
        list[str] | None, typer.Option("--code", help="OLD=NEW, for it and grids under it.")
    ] = None,
    since: From = None,
    dry_run: DryRun = False,
    map_file: MapFile = None,
    run_dir: RunDir = None,
) -> None:
    """Give a grid another parent; its ground goes along. 划转"""
    codes = dict(_pair(each) for each in renamed or ())
    body = {"parent": parent, "codes": codes, "reason": reason} | _when(since)
    change(run_dir, _path(code, "move"), body, dry_run=dry_run, map_file=map_file,
           params=_map(map_file))  # fmt: skip


def retire(
    code: str, reason: Reason, since: From = None, dry_run: DryRun = False,
    map_file: MapFile = None, run_dir: RunDir = None,
) -> None:  # fmt: skip
    """End a grid; postings in it end too. 撤销"""
    change(run_dir, _path(code, "retirement"), {"reason": reason} | _when(since),
           dry_run=dry_run, map_file=map_file, params=_map(map_file))  # fmt: skip


def _path(code: str, what: str) -> str:
    return f"/grids/{quote(code, safe='')}/{what}"


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r}: write OLD=NEW")
    return old, new


def _when(since: datetime | None) -> dict[str, str]:
    return {"valid_from": since.isoformat()} if since else {}


def _map(file: Path | None) -> dict[str, bool]:
    return {"map": file is not None}


def _read(file: Path) -> Any:
    """A file that people wrote; what cannot be read ends the command."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix in (".yaml", ".yml"):
            return json.loads(json.dumps(yaml.safe_load(text), default=_plain))
        return json.loads(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        say(f"{file}: {error}; give a JSON or YAML file in UTF-8")
        raise typer.Exit(1) from error


def _plain(value: Any) -> str:
    """YAML reads times as such: as they are sent."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} needs its zone, such as 2026-06-01T00:00:00+08:00")
        return value.isoformat()
    raise ValueError(f"{value!r} cannot be sent")
