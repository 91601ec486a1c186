"""``civicgrid registry charters ...``: who answers for what (权责清单)."""

from pathlib import Path
from typing import Annotated, Any

import typer

from civicgrid.client import As
from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import DryRun, ask, change
from civicgrid.commands.registry.charters_shown import (
    show_charter,
    show_explanation,
    show_list,
    show_unled,
)
from civicgrid.commands.registry.yaml_files import read_placed, read_yaml
from civicgrid.local import LocalError

charters = typer.Typer(
    name="charters",
    help="Who answers for what: list, show, explain, unled; grant, propose, approve, reject,"
    " revoke. 权责清单。",
    no_args_is_help=True,
)
NEW = "see the charter.yaml that civicgrid new-department writes"
At = Annotated[str | None, typer.Option(help="A time with its zone; now.")]
Charter = Annotated[str, typer.Argument(help="Such as charter:urban-management:parts.")]
Version = Annotated[int, typer.Argument(help="The proposed version.", min=1)]
Person = Annotated[str, typer.Option("--as", help="The person's id, in a local run.")]


@charters.command("list")
def listed(
    department: Annotated[str | None, typer.Option(help="Of this department only.")] = None,
    matter: Annotated[str | None, typer.Option(help="That cover this matter.")] = None,
    grid: Annotated[str | None, typer.Option(help="That apply on this grid's ground.")] = None,
    pending: Annotated[
        bool | None, typer.Option("--pending/--not-pending", help="Whether a version waits.")
    ] = None,
    at: At = None,
    run_dir: RunDir = None,
) -> None:
    """Entries in force, and those of which a version waits for approval."""
    show_list(
        ask(run_dir, "/charters", department=department, matter=matter, grid=grid,
            pending=pending, at=at)
    )  # fmt: skip


@charters.command("show")
def shown(charter: Charter, run_dir: RunDir = None) -> None:
    """All versions of an entry: what they say, and who said what of them when."""
    show_charter(ask(run_dir, f"/charters/{charter}"))


@charters.command("explain")
def explain(
    matter: Annotated[str, typer.Option("--matter", help="Such as part/utilities/manhole-cover.")],
    grid: Annotated[str, typer.Option("--grid", help="The code of a grid.")],
    at: At = None,
    run_dir: RunDir = None,
) -> None:
    """Who leads and supports for a matter on a grid's ground, why, and why others do not."""
    show_explanation(ask(run_dir, "/charters/explain", matter=matter, grid=grid, at=at))


@charters.command("unled")
def unled(
    grid: Annotated[str | None, typer.Option(help="On its ground; the whole district.")] = None,
    at: At = None,
    run_dir: RunDir = None,
) -> None:
    """Matters that nobody leads, by ground, and whom they fall back to."""
    show_unled(ask(run_dir, "/charters/unled", grid=grid, at=at))


@charters.command("propose")
def propose(
    file: Annotated[Path, typer.Argument(help="YAML with the entry.", exists=True)],
    person: Annotated[str, typer.Option("--as", help="Who proposes it, in a local run.")],
    dry_run: DryRun = False,
    run_dir: RunDir = None,
) -> None:
    """Propose an entry, or a new version of one; two other people approve it."""
    body = read_placed(file)
    change(run_dir, "/charters", body, dry_run=dry_run, who=As(person, "registry.propose"))


@charters.command("grant")
def grant(
    file: Annotated[Path, typer.Argument(help="YAML with department and charter.", exists=True)],
    person: Annotated[str, typer.Option("--as", help="Who proposes it.")],
    approved_by: Annotated[list[str], typer.Option(help="Who approves it; two other people.")],
    run_dir: RunDir = None,
) -> None:
    """Register a department and grant its entry: proposed, then approved by two others.

    In a local run, where one speaks for all three; elsewhere each gives the command of their own.
    """
    given = read_yaml(file)
    missing = [key for key in ("department", "charter") if not isinstance(given.get(key), dict)]
    if missing:
        raise LocalError(f"{file} has no {' and no '.join(missing)}", NEW)
    change(run_dir, "/departments", given["department"], dry_run=False)
    who = As(person, "registry.propose")
    (proposed,) = change(run_dir, "/charters", given["charter"], dry_run=False, who=who).things
    assert proposed.version is not None
    charter = str(given["charter"]["charter"])
    for each in approved_by:
        _decide(run_dir, charter, proposed.version, "approval", each, dry_run=False)


@charters.command("approve")
def approve(
    charter: Charter, version: Version, person: Person, dry_run: DryRun = False,
    run_dir: RunDir = None,
) -> None:  # fmt: skip
    """Approve a proposed version; the second person's approval grants it."""
    _decide(run_dir, charter, version, "approval", person, dry_run=dry_run)


@charters.command("reject")
def reject(
    charter: Charter, version: Version, person: Person, dry_run: DryRun = False,
    run_dir: RunDir = None,
) -> None:  # fmt: skip
    """Reject a proposed version; by who proposed it: withdraw it."""
    _decide(run_dir, charter, version, "rejection", person, dry_run=dry_run)


@charters.command("revoke")
def revoke(
    charter: Charter,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")],
    approved_by: Annotated[
        list[str], typer.Option("--approved-by", help="Who decided it; give two people.")
    ],
    until: Annotated[str | None, typer.Option("--until", help="A time with its zone; now.")] = None,
    dry_run: DryRun = False,
    run_dir: RunDir = None,
) -> None:
    """End an entry: routing, queue, sight and the right to act go with it."""
    body: dict[str, Any] = {"reason": reason, "approved_by": approved_by, "valid_to": until}
    change(run_dir, f"/charters/{charter}/revocation", body, dry_run=dry_run)


def _decide(
    run_dir: Path | None, charter: str, version: int, what: str, person: str, *, dry_run: bool
) -> None:
    who = As(person, "registry.approve")
    path = f"/charters/{charter}/versions/{version}/{what}"
    change(run_dir, path, {}, dry_run=dry_run, who=who)
