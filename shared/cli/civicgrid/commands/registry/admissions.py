"""``civicgrid registry admissions ...``: what grid workers may be sent (准入)."""

from typing import Annotated, Any

import typer

from civicgrid.client import As
from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import DryRun, ask, change
from civicgrid.show import console, table

admissions = typer.Typer(
    name="admissions",
    help="What grid workers may be sent: list, propose, review, withdraw. 事项准入。",
    no_args_is_help=True,
)
Matter = Annotated[str, typer.Argument(help="Such as event/appearance/litter.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; kept in the audit trail.")]
Department = Annotated[str | None, typer.Option("--department", help="Of this department only.")]


@admissions.command("list")
def listed(
    at: Annotated[str | None, typer.Option(help="A time with its zone; now.")] = None,
    department: Department = None,
    run_dir: RunDir = None,
) -> None:
    """What may be asked of grid workers, for everybody."""
    found = ask(run_dir, "/admissions", at=at, department=department)
    rows = [
        (each["matter"], f"{each['name']['zh']} {each['name']['en']}", each["department"],
         each["since"], each["until"] or "for good 长期", "yes 是" if each["urgent"] else "")
        for each in found
    ]  # fmt: skip
    columns = ("matter 事项", "name 名称", "department 部门", "since 起", "until 止", "urgent 紧急")
    console.print(table("admitted 已准入", columns, rows))


@admissions.command("proposals")
def proposals(
    state: Annotated[str | None, typer.Option(help="open, admitted, refused, lapsed")] = None,
    department: Department = None,
    run_dir: RunDir = None,
) -> None:
    """What was proposed, and who reviewed it."""
    found = ask(run_dir, "/admissions/proposals", state=state, department=department)
    rows = [
        (each["matter"], each["proposal"], each["department"], each["proposed_by"], each["state"],
         ", ".join(f"{r['reviewed_by']}: {r['verdict']}" for r in each["reviews"]))
        for each in found
    ]  # fmt: skip
    columns = ("matter 事项", "proposal 申请", "department 部门", "by 申请人", "state 状态",
               "reviews 评审")  # fmt: skip
    console.print(table("proposals 准入申请", columns, rows))


@admissions.command("propose")
def propose(
    matter: Matter,
    department: Annotated[str, typer.Option("--department", help="For which it is proposed.")],
    since: Annotated[str | None, typer.Option("--from", help="A time with its zone.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="A time with its zone.")] = None,
    urgent: Annotated[bool, typer.Option(help="Temporary: one approver, and an end.")] = False,
    reason: Reason = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Propose that grid workers may be sent a matter."""
    body = _said(matter=matter, department=department, valid_from=since, valid_to=until,
                 urgent=urgent, reason=reason)  # fmt: skip
    change(run_dir, "/admissions", body, dry_run=dry_run)


@admissions.command("review")
def review(
    matter: Matter,
    person: Annotated[str, typer.Option("--as", help="The reviewer's id, in a local run.")],
    refuse: Annotated[bool, typer.Option("--refuse", help="Refuse it instead.")] = False,
    proposal: Annotated[str | None, typer.Option(help="If not the open one.")] = None,
    reason: Reason = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Admit a proposed matter, or refuse it. Two people who did not propose it must admit it."""
    verdict = "refuse" if refuse else "admit"
    body = _said(verdict=verdict, proposal=proposal, reason=reason)
    who = As(person, "registry.approve", "staff")
    change(run_dir, f"/admissions/{matter}/review", body, dry_run=dry_run, who=who)


@admissions.command("withdraw")
def withdraw(
    matter: Matter,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit trail.")],
    until: Annotated[str | None, typer.Option("--until", help="A time with its zone; now.")] = None,
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Grid workers may no longer be sent it, at once or from a time on."""
    body = _said(reason=reason, valid_to=until)
    change(run_dir, f"/admissions/{matter}/withdrawal", body, dry_run=dry_run)


def _said(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
