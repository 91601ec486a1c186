"""verify, rebuild, check-store: whether what is stored is true, and mending views."""

import asyncio
import json
import uuid
from typing import Annotated

import typer

from civicgrid.commands.options import RunDir, system
from civicgrid.deployment import Run
from civicgrid.deployment.names import SERVICES
from civicgrid.insides import parts_of, verify_run
from civicgrid.local.probe import without_password
from civicgrid.show import console, errors, say, table
from service_kit.mongo import PyMongoError, connect, database
from service_kit.store.check import CheckResult
from service_kit.store.check import check_store as run_checks
from service_kit.store.rebuild import rebuild as refold
from service_kit.verify import Report


def verify(
    run_dir: RunDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    allowed_held: Annotated[
        int, typer.Option(min=0, help="So many held messages are meant to be there.")
    ] = 0,
) -> None:
    """Check the invariants over all services, and count what was looked at; 1 when one fails."""
    with errors.status("Verifying every commit, view and event ..."):
        report = asyncio.run(verify_run(system(run_dir).run(), allowed_held=allowed_held))
    if as_json:
        found = [vars(each) for each in report.violations]
        typer.echo(json.dumps({"counts": report.counts, "violations": found}, indent=1))
    else:
        show_report(report)
    if report.violations:
        raise typer.Exit(1)


def show_report(report: Report) -> None:
    """The counts, then each violation."""
    rows = sorted(report.counts.items())
    console.print(table("verify 核验", ("looked at 核验内容", "count#"), rows))
    for each in report.violations:
        say(f"{each.invariant} does not hold at {each.service}: {each.what}")
    say(f"violations 违反: {len(report.violations)}")


def rebuild(
    service: Annotated[str, typer.Argument(help=", ".join(SERVICES))],
    run_dir: RunDir = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Also replace views of the same version.")
    ] = False,
) -> None:
    """Fold a service's views anew from its commits, in place, while it runs."""
    counts = asyncio.run(_rebuild(system(run_dir).run(), service, repair))
    columns = ("views 视图", "folded 重建#")
    console.print(table(f"rebuild 重建: {service}", columns, sorted(counts.items())))


async def _rebuild(run: Run, service: str, repair: bool) -> dict[str, int]:
    parts = parts_of(run, service)
    client = connect(run.mongo_url)
    done = 0
    try:
        with errors.status(f"Rebuilding {service} ...") as shown:

            def tell(more: int) -> None:
                nonlocal done
                done += more
                shown.update(f"Rebuilding {service}: {done} views")

            where = database(client, run.database(service))
            return await refold(
                where, parts.aggregates, kept=parts.kept, repair=repair, progress=tell
            )
    finally:
        client.close()


def check_store(
    mongo_url: Annotated[str, typer.Argument(help="mongodb://... of any MongoDB server.")],
) -> None:
    """Whether a MongoDB server keeps what the commit store relies on; takes about a minute.

    Works in a database of its own, which it drops afterwards.
    """
    results = asyncio.run(_check(mongo_url))
    rows = [(r.name, "ok" if r.passed else "NO", f"{r.seconds:.2f}", r.detail) for r in results]
    columns = ("check 检查", "", "seconds#", "seen 结果")
    console.print(table(f"check-store {without_password(mongo_url)}", columns, rows))
    if not all(each.passed for each in results):
        raise typer.Exit(1)


async def _check(mongo_url: str) -> list[CheckResult]:
    try:
        client = connect(mongo_url)
        await client.admin.command("ping")
    except (PyMongoError, ValueError) as error:
        say(f"no server answers at {without_password(mongo_url)}: {error}")
        say("  -> give a mongodb:// address that this machine reaches")
        raise typer.Exit(1) from None
    name = f"civicgrid_check_{uuid.uuid4().hex[:8]}"
    try:
        return await run_checks(database(client, name), lambda r: say(f"{r.name}: {r.passed}"))
    finally:
        await client.drop_database(name)
        client.close()
