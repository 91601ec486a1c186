"""``civicgrid registry grids``: what is asked of the territory."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from case_contracts.district import DistrictError
from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import ask
from civicgrid.commands.registry.grids_changed import (
    import_grids,
    merge,
    move,
    redraw,
    retire,
    split,
)
from civicgrid.district_dir import describe
from civicgrid.show import console, say, table

grids = typer.Typer(
    name="grids",
    help="The territory: look, bring in and out, change. 网格：查询、导入导出、拆分合并调整。",
    no_args_is_help=True,
)
At = Annotated[
    datetime | None,
    typer.Option("--at", help="A time such as 2026-06-01T00:00:00+08:00; default now.",
                 formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"]),
]  # fmt: skip
MapFile = Annotated[Path | None, typer.Option("--map", help="Write a map of them to this SVG.")]


@grids.command("at", context_settings={"ignore_unknown_options": True})
def at_place(
    lon: float,
    lat: float,
    within: Annotated[float, typer.Option(help="Metres; also grids so near, ranked.")] = 0,
    at: At = None,
    run_dir: RunDir = None,
) -> None:
    """Which grids a place (longitude, latitude) lies in. 坐标所在网格"""
    found = ask(run_dir, "/grids/at", lon=lon, lat=lat, within=within, at=_time(at))
    rows = [
        (hit.get("rank", ""), hit["grid"], hit["level"], " > ".join(hit["path"]),
         f"{hit['share']:.1%}" if "share" in hit else "", "是 yes" if hit["on_border"] else "")
        for hit in found
    ]  # fmt: skip
    columns = ("rank 排序#", "grid 网格", "level 层级", "path 上级", "share 占比#", "border 边界")
    console.print(table(f"{lon}, {lat}", columns, rows))


@grids.command("show")
def show(code: str, at: At = None, run_dir: RunDir = None) -> None:
    """A grid, and the grids under it. 网格详情"""
    grid = ask(run_dir, f"/grids/{quote(code, safe='')}", at=_time(at))
    kept = {key: value for key, value in grid.items() if key not in ("geometry", "name")}
    rows = [*((key, value) for key, value in kept.items()),
            ("name 名称", f"{grid['name']['zh']} {grid['name']['en']}"),
            ("outline 边界", grid["geometry"]["type"])]  # fmt: skip
    console.print(table(code, ("field 字段", "value 值"), rows))
    children = ask(run_dir, "/grids", parent=code, at=_time(at))
    if children:
        below = [(each["grid"], each["name"]["zh"], each["households"]) for each in children]
        columns = ("grid 网格", "name 名称", "households 户数#")
        console.print(table("under it 下级", columns, below))


@grids.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="The GeoJSON file to write.")],
    level: Annotated[str | None, typer.Option(help="Only grids of this level.")] = None,
    parent: Annotated[str | None, typer.Option(help="Only grids right under this one.")] = None,
    at: At = None,
    run_dir: RunDir = None,
) -> None:
    """Write grids with their outlines to a GeoJSON file. 导出"""
    found = ask(run_dir, "/grids/export", level=level, parent=parent, at=_time(at))
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in found["features"])
    out.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
    say(f"{len(found['features'])} grids written to {out}")


@grids.command("findings")
def findings(map_file: MapFile = None, at: At = None, run_dir: RunDir = None) -> None:
    """Everything that is wrong or doubtful in the territory. 网格问题清单"""
    found = ask(run_dir, "/grids/findings", map=map_file is not None, at=_time(at))
    rows = [*_rows("error 错误", found["errors"]), *_rows("warning 存疑", found["warnings"])]
    title = ", ".join(f"{count} {level}" for level, count in found["grids"].items())
    console.print(table(title, ("", "code 代码", "what 说明"), rows or [("", "", "nothing 无")]))
    if map_file is not None and found["map"]:
        map_file.write_text(found["map"], encoding="utf-8")
        say(f"map: {map_file}")


def _rows(kind: str, found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(kind, each["code"], describe(DistrictError.model_validate(each))) for each in found]


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


grids.command("import")(import_grids)
for command in (split, merge, redraw, move, retire):
    grids.command()(command)
