"""``civicgrid registry calendars ...``: versions of the work calendar, and drafts for a year."""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import READER, DryRun, ask, change, post
from civicgrid.commands.registry.yaml_files import read_yaml
from civicgrid.show import console, say

calendars = typer.Typer(
    name="calendars",
    help="Versions of the work calendar: draft, import, show. 工作日历。",
    no_args_is_help=True,
)
Id = Annotated[str, typer.Argument(help="The calendar's id, such as lanhe-work.")]


@calendars.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="As calendar.yaml")],
    pinned_by: Annotated[
        str | None,
        typer.Option(help="Also publish the next version of this standard, which pins it."),
    ] = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Publish the version that a file holds."""
    params = {"pinned_by": pinned_by} if pinned_by else {}
    change(run_dir, "/calendars", read_yaml(file), dry_run=dry_run, params=params)


@calendars.command("draft")
def draft(
    calendar: Id,
    year: Annotated[int, typer.Option(help="Whose days are drafted.")],
    country: Annotated[str, typer.Option(help="Two letters.")] = "CN",
    subdivision: Annotated[str | None, typer.Option(help="Such as MA of the US.")] = None,
    source: Annotated[
        str | None, typer.Option(help="chinesecalendar, holidays or none.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it to this file.")] = None,
    run_dir: RunDir = None,
) -> None:
    """A calendar for a year from public holidays, to look at, correct and import."""
    wanted = {"calendar": calendar, "year": year, "country": country.upper(),
              "subdivision": subdivision, "source": source}  # fmt: skip
    body = {key: value for key, value in wanted.items() if value is not None}
    found: dict[str, Any] = post(run_dir, "/calendars/draft", body, READER)
    _show(found["draft"], out)
    say(
        f"{found['holidays']} holidays, {found['make_up_days']} make-up days from {found['source']}"
    )
    say(f"{found['note']['zh']} {found['note']['en']}")


@calendars.command("show")
def show(
    calendar: Id,
    version: Annotated[int | None, typer.Option(help="The newest, if it is left out.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write it to this file.")] = None,
    run_dir: RunDir = None,
) -> None:
    """A published version, as a file that can be edited and imported as the next one."""
    _show(ask(run_dir, f"/calendars/{calendar}", version=version), out)


def _show(calendar: dict[str, Any], out: Path | None) -> None:
    text = yaml.safe_dump(calendar, allow_unicode=True, sort_keys=False, width=100)
    if out is None:
        console.print(text, highlight=False, markup=False)
        return
    out.write_text(text, encoding="utf-8")
    say(f"written to {out}")
