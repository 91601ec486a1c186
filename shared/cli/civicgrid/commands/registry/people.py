"""``civicgrid registry people ...``: who holds which post, and changes of it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import DryRun, change
from civicgrid.commands.registry.people_shown import duty, open_work, service_file, team

people = typer.Typer(
    name="people",
    help="Posts, teams, secondments, contact groups, hand-overs. 人员、班组与交割。",
    no_args_is_help=True,
)
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")]
From = Annotated[str | None, typer.Option("--from", help="A time with its zone; now.")]
Until = Annotated[str | None, typer.Option("--until", help="A time with its zone.")]
_ENDS = {"secondment": "secondments", "contact_group": "contact-groups"}

people.command("team")(team)
people.command("on-duty")(duty)
people.command("service-file")(service_file)
people.command("open-work")(open_work)


@people.command("import")
def import_table(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="As postings.csv.")],
    reason: Reason,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Postings from a table: all of them or, with every bad line listed, none."""
    change(run_dir, "/postings/csv", None, dry_run=dry_run, content=file.read_bytes(),
           headers={"Content-Type": "text/csv"}, params={"reason": reason})  # fmt: skip


@people.command("end")
def end(
    thing: Annotated[str, typer.Argument(help="A posting, secondment or contact group.")],
    reason: Reason,
    until: Until = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """End a posting, a secondment or a contact group, at once or at a time to come."""
    where = _ENDS.get(thing.partition(":")[0], "postings")
    body = _said(reason=reason, valid_to=until)
    change(run_dir, f"/{where}/{thing}/end", body, dry_run=dry_run)


@people.command("hand-over")
def hand_over(
    posting: Annotated[str, typer.Argument(help="The posting that ends.")],
    person: Annotated[str, typer.Argument(help="Who goes on.")],
    reason: Reason,
    since: From = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Hand a post to somebody else; the slip lists what is open. 工作交割"""
    body = _said(reason=reason, from_posting=posting, to_person=person, valid_from=since)
    change(run_dir, "/handovers", body, dry_run=dry_run)


@people.command("second")
def second(
    secondment: Annotated[str, typer.Argument(help="An id for it.")],
    person: Annotated[str, typer.Argument(help="Whom the department lends.")],
    department: Annotated[str, typer.Option("--department")],
    grid: Annotated[str, typer.Option("--grid", help="Under whose lead.")],
    power: Annotated[list[str], typer.Option("--power", help="Delegated; may be repeated.")],
    basis: Annotated[str, typer.Option("--basis", help="The legal basis.")],
    approver: Annotated[list[str], typer.Option("--approver", help="Twice, two people.")],
    until: Annotated[str, typer.Option("--until", help="A time with its zone.")],
    reason: Reason,
    since: From = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Place a department's person under a grid, with powers it holds there. 下沉"""
    body = _said(
        reason=reason, secondment=secondment, person=person, department=department, grid=grid,
        powers=power, legal_basis=basis, approved_by=approver, valid_from=since, valid_to=until,
    )  # fmt: skip
    change(run_dir, "/secondments", body, dry_run=dry_run)


@people.command("group")
def group(
    name: Annotated[str, typer.Argument(help="An id for it.")],
    person: Annotated[str, typer.Argument(help="Who visits the households.")],
    grid: Annotated[str, typer.Option("--grid")],
    households: Annotated[int, typer.Option("--households", help="How many, 10 to 30.")],
    reason: Reason,
    since: From = None,
    until: Until = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Form a contact group. 联系户"""
    body = _said(reason=reason, group=name, person=person, grid=grid, households=households,
                 valid_from=since, valid_to=until)  # fmt: skip
    change(run_dir, "/contact-groups", body, dry_run=dry_run)


def _said(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
