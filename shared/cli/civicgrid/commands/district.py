"""load-district, onboard, sample."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from case_contracts.district import DistrictError, LoadResult
from civicgrid.addresses import Addresses, named_elsewhere
from civicgrid.client import Api
from civicgrid.commands.options import RunDir, addresses, sample_dir, system
from civicgrid.district_dir import DistrictUnreadableError, describe
from civicgrid.loading import DistrictRefused
from civicgrid.loading import load_district as load
from civicgrid.onboard import REPORT, onboard, report_table
from civicgrid.sample import SEED, generate
from civicgrid.show import console, errors, say, table
from civicgrid.staff import show_people, write_people
from civicgrid.under_way import telling

MOST_GROUNDS = 10


def load_district(
    directory: Annotated[
        Path | None, typer.Argument(help="District directory; default deploy/sample.")
    ] = None,
    run_dir: RunDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
) -> None:
    """Load a district into the registry: all of it or, with every error listed, nothing."""
    source, here = directory or sample_dir(), system(run_dir)
    show_result(load_with_progress(addresses(run_dir), source, dry_run=dry_run))
    if here.exists and not (dry_run or named_elsewhere()):
        write_people(here.folder, source)
        show_people(here.run(), here.folder)


def load_with_progress(where: Addresses, directory: Path, *, dry_run: bool = False) -> LoadResult:
    """Load, showing that it is at it; a refused district is listed and ends the command."""
    try:
        with errors.status(f"Loading {directory} ...") as shown:

            def tell(progress: str) -> None:
                shown.update(f"Loading {directory} ... {progress}")

            return asyncio.run(_load(where, directory, dry_run, tell))
    except (DistrictRefused, DistrictUnreadableError) as error:
        for one in error.errors:
            say(describe(one))
        say(f"{len(error.errors)} errors; nothing of the district was applied")
        raise typer.Exit(1) from error


async def _load(
    where: Addresses, directory: Path, dry_run: bool, tell: Callable[[str], None]
) -> LoadResult:
    async with Api(where) as api:
        return await telling(api, tell, load(api, directory, dry_run=dry_run))


def show_result(found: LoadResult) -> None:
    """What was published, warnings, and what nobody leads."""
    _warn(found.warnings)
    for each in found.unled[:MOST_GROUNDS]:
        say(f"nobody leads 无主责: {len(each.matters)} matters on grid {each.grid} and below,"
            f" such as {each.matters[0]}; they fall to the grid where they lie")  # fmt: skip
    if len(found.unled) > MOST_GROUNDS:
        say(f"... and on {len(found.unled) - MOST_GROUNDS} more grids; see"
            " `civicgrid registry charters unled`")  # fmt: skip
    rows = [*found.published.items(), ("unchanged 未变", found.unchanged)]
    title = f"{found.district}{': would be published' if found.dry_run else ''}"
    console.print(table(title, ("what 项目", "published 发布#"), rows))


def _warn(warnings: list[DistrictError], most: int = 10) -> None:
    for one in warnings[:most]:
        say(f"warning: {describe(one)}")
    if len(warnings) > most:
        say(f"... and {len(warnings) - most} more warnings")


def onboard_city(
    config: Annotated[Path, typer.Argument(help="deploy/onboarding/boston.yaml, or your own.")],
    out: Annotated[Path, typer.Argument(help="Where the district directory is written.")],
) -> None:
    """Make a district directory and a file of reports from a city's own files."""
    with errors.status("onboarding ...") as shown:
        report = onboard(config, out, lambda stage, done: shown.update(f"{stage} {done or ''}"))
    console.print(report_table(report))
    say(f"written to {out}; the same as JSON: {out / REPORT}")


def write_sample(
    out: Annotated[Path, typer.Argument(help="Where the district directory is written.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same files.")] = SEED,
) -> None:
    """Write the sample district, generated from a seed."""
    with errors.status("generating ..."):
        generate(out, seed)
    say(f"written to {out}")
