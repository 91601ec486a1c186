"""``civicgrid intake import FILE`` and ``civicgrid intake imports ...`` (批量导入)."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from case_contracts.events.intake import ImportKind
from civicgrid.addresses import Addresses
from civicgrid.bulk import IMPORTER, Job, Wish, bring, follow, problems_csv
from civicgrid.client import Api
from civicgrid.commands.options import RunDir, addresses
from civicgrid.commands.progress import bulk_progress
from civicgrid.show import console, say, table

jobs = typer.Typer(
    name="imports",
    help="Bulk imports: list, show, cancel, problems. 批量导入：列出、查看、取消、问题行。",
    no_args_is_help=True,
)
T = TypeVar("T")
Url = Annotated[
    str | None, typer.Option("--url", help="Intake's address; with CIVICGRID_TOKEN as the token.")
]
JobArg = Annotated[str, typer.Argument(help="import:...")]
INTERRUPTED = 130


def _run(run_dir: Path | None, url: str | None, act: Callable[[Api], Coroutine[Any, Any, T]]) -> T:
    where = (
        Addresses({"intake": (url.rstrip("/"),)}, token=os.environ.get("CIVICGRID_TOKEN"))
        if url
        else addresses(run_dir)
    )

    async def go() -> T:
        async with Api(where) as api:
            return await act(api)

    return asyncio.run(go())


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".csv or .ndjson")],
    kind: Annotated[ImportKind, typer.Option(help="live: opens cases now; history: as recorded.")],
    run_dir: RunDir = None,
    url: Url = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would become of each line.")
    ] = False,
    timezone: Annotated[str | None, typer.Option(help="For times without a zone.")] = None,
    encoding: Annotated[str, typer.Option(help="utf-8, or gb18030 (GBK).")] = "utf-8",
    ignore: Annotated[list[str] | None, typer.Option(help="A column to pass over.")] = None,
) -> None:
    """Import a file of reports, each line once by its ref; what is wrong goes to FILE.problems.csv.

    The same file again continues, or shows, the same import. Ends with 1 when lines were bad.
    """
    wish = Wish(file, kind.value, dry_run, timezone, encoding, tuple(ignore or ()))
    begun: list[str] = []

    async def act(api: Api) -> tuple[Job, bytes | None]:
        with bulk_progress() as (sending, working):
            job = await bring(api, wish, sending)
            begun.append(job["job"])
            job = await follow(api, job["job"], working)
        wrong = job["bad"] + job["rejected"]
        return job, await problems_csv(api, job["job"]) if wrong else None

    try:
        job, problems = _run(run_dir, url, act)
    except KeyboardInterrupt:
        _say_interrupted(begun)
        raise typer.Exit(INTERRUPTED) from None
    console.print(_table([job]))
    if problems is not None:
        written = file.with_name(f"{file.name}.problems.csv")
        written.write_bytes(problems)
        say(f"what is wrong with which line 问题行: {written}")
    if job["bad"] or job["status"] != "done":
        raise typer.Exit(1)


def _say_interrupted(begun: list[str]) -> None:
    if not begun:
        say("interrupted while sending: nothing was taken; run it again 发送中断，未导入任何行")
        return
    say(f"the import goes on by itself 导入仍在进行: civicgrid intake imports show {begun[0]}")
    say(f"to stop it 如需停止: civicgrid intake imports cancel {begun[0]}")


@jobs.command("list")
def show_list(
    run_dir: RunDir = None,
    url: Url = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
) -> None:
    """The newest imports."""
    found = _run(run_dir, url, lambda api: api.get("intake", "/imports", IMPORTER, limit=limit))
    console.print(_table(found["imports"]))


@jobs.command("show")
def show(job: JobArg, run_dir: RunDir = None, url: Url = None) -> None:
    """How far an import is."""
    found = _run(run_dir, url, lambda api: api.get("intake", f"/imports/{job}", IMPORTER))
    console.print(_table([found]))
    left = found["seconds_left"]
    if left:
        say(f"{found['percent']} %, {found['lines_per_second']} lines/s, about {left:.0f} s left")


@jobs.command("cancel")
def cancel(job: JobArg, run_dir: RunDir = None, url: Url = None) -> None:
    """End an import after the lines at hand. What was taken stays."""
    path = f"/imports/{job}/cancel"
    found = _run(run_dir, url, lambda api: api.post("intake", path, None, IMPORTER))
    console.print(_table([found]))


@jobs.command("problems")
def problems(job: JobArg, run_dir: RunDir = None, url: Url = None) -> None:
    """Which lines are bad or rejected and why, as CSV."""
    typer.echo(_run(run_dir, url, lambda api: problems_csv(api, job)), nl=False)


COUNTED = {
    "opened": "立案", "linked": "并入", "waiting": "待审", "rejected": "不立", "repeated": "重复",
    "bad": "有误",
}  # fmt: skip


def _table(found: list[Job]) -> Any:
    """Two columns: an id that is broken over lines cannot be copied."""
    rows = [(f"{job['job']}\n{_way(job)}", "\n".join(_figures(job))) for job in found]
    return table("imports 批量导入", ("import 导入", "lines 行"), rows)


def _way(job: Job) -> str:
    dry = " (dry run 试导)" if job["dry_run"] else ""
    return f"{job['kind']}{dry}, {job['status']}, by {job['by']}"


def _figures(job: Job) -> list[str]:
    counts = [f"{name} {zh} {job[name]}" for name, zh in COUNTED.items() if job[name]]
    return [f"read 已读 {job['read']}/{job['lines']}", *counts]
