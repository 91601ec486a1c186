"""up, down, status, doctor."""

from pathlib import Path
from typing import Annotated

import typer

from civicgrid.commands.options import RunDir, default_behaviours, sample_dir, system
from civicgrid.doctor import examine
from civicgrid.local import LocalError
from civicgrid.made_of import departments_of, district_of
from civicgrid.show import console, say, table
from civicgrid.staff import show_people
from civicgrid.standing import standings
from civicgrid.system import Wish


def up(
    district: Annotated[
        Path | None, typer.Argument(help="District directory; default deploy/sample.")
    ] = None,
    run_dir: RunDir = None,
    district_id: Annotated[str | None, typer.Option(help="Instead of a directory.")] = None,
    departments: Annotated[
        str, typer.Option(help="Their ids, separated by commas; default those of the directory.")
    ] = "",
    department_config: Annotated[
        str | None,
        typer.Option(help="How the reference departments behave: files or folders, with commas."),
    ] = None,
    clock: Annotated[
        str | None,
        typer.Option(help="Scaled time, such as 2026-01-05T08:00+08:00x600; default real time."),
    ] = None,
    replicas: Annotated[int, typer.Option(min=1, max=8, help="Of each service.")] = 1,
    port_base: Annotated[int, typer.Option(min=1024, max=65_000)] = 8100,
) -> None:
    """Start broker, store, issuer, all services and the departments; all stay running."""
    directory = district or sample_dir()
    named = tuple(each for each in departments.split(",") if each)
    wish = Wish(
        district=district_id or district_of(directory),
        departments=named or departments_of(directory),
        department_config=department_config or default_behaviours(),
        clock=clock,
        replicas=replicas,
        port_base=port_base,
    )
    run = system(run_dir).start(wish, say)
    say(f"{run.id} is up: see `civicgrid status`; load a district with `civicgrid load-district`.")
    show_people(run, system(run_dir).folder)


def down(
    run_dir: RunDir = None,
    purge: Annotated[
        bool, typer.Option("--purge", help="Also delete its vhosts, users and databases.")
    ] = False,
) -> None:
    """Stop everything that `up` has started."""
    found = system(run_dir)
    if purge and found.exists:
        found.purge()
        say("Stopped, and its data deleted.")
        return
    say(f"Stopped {found.stop()} processes.")


def status(run_dir: RunDir = None) -> None:
    """Which services run, whether they are ready, how many batches wait to be published (lag),
    what is held."""
    found = system(run_dir)
    rows = standings(found)
    if not rows:
        raise LocalError(f"nothing has been started in {found.folder}", "run `civicgrid up`")
    shown = [
        (r.name, r.state, r.url.rpartition(":")[2], _known(r.outbox_lag), _known(r.held), r.why)
        for r in rows
    ]
    columns = (
        "process 进程",
        "state 状态",
        "port 端口#",
        "lag 待发#",
        "held 滞留#",
        "not in order 异常",
    )
    run = found.run()
    console.print(table(f"{run.id}  clock {run.clock or 'real'}", columns, shown))
    show_people(run, found.folder)
    if any(r.state != "ready" for r in rows):
        raise typer.Exit(1)


def doctor(
    run_dir: RunDir = None,
    port_base: Annotated[int, typer.Option(min=1024, max=65_000)] = 8100,
) -> None:
    """What this machine has and lacks, and what to set or do about it."""
    checks = examine(system(run_dir), port_base)
    rows = [(c.name, "ok" if c.ok else "NO", c.found, c.remedy) for c in checks]
    columns = ("what 项目", "", "found 情况", "what to do 怎么办")
    console.print(table("civicgrid doctor", columns, rows))
    if not all(c.ok for c in checks):
        raise typer.Exit(1)


def _known(number: int | None) -> str:
    return "" if number is None else str(number)
