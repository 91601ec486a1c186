"""``civicgrid registry changes|audit``: who changed what, when and why, and if all is there."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import ask
from civicgrid.show import console, say, table

PAGE = 200


def changes(
    run_dir: RunDir = None,
    number: Annotated[int | None, typer.Argument(help="One of them, with its things.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Number of the last one seen.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=PAGE)] = 50,
) -> None:
    """The district's changes: who decided what, when and why, applied or still open."""
    if number is not None:
        _one(ask(run_dir, f"/changes/{number}"))
        return
    found = ask(run_dir, "/changes", after=after, limit=limit)
    columns = (
        "no#",
        "kind 类型",
        "about 对象",
        "who 何人",
        "decided 决定",
        "why 缘由",
        "steps#",
        "",
    )
    console.print(table("changes 变更", columns, [_row(each) for each in found]))


def audit(
    aggregate: Annotated[str, typer.Argument(help="grid:410199, charter:..., household:...")],
    run_dir: RunDir = None,
    version: Annotated[int | None, typer.Option(help="A version that you know.")] = None,
    head: Annotated[str | None, typer.Option(help="Its hash, as you kept it.")] = None,
) -> None:
    """Every commit of a thing, and whether its hash chain is whole; 1 when it is not."""
    path = quote(aggregate, safe="/:")
    proof = ask(run_dir, f"/proofs/{path}", version=version, head=head)
    rows = ask(run_dir, f"/audit/{path}") if proof["commits"] else []
    columns = ("version#", "at 时间", "who 何人", "for 代", "purpose 目的", "events 事件", "hash")
    console.print(table(aggregate, columns, [_commit(row) for row in rows]))
    if proof["verified"]:
        say(f"chain whole 完整: {proof['commits']} commits, head {proof['head']}")
        return
    for each in proof["breaks"]:
        say(f"version {each['version']}: {each['what']}")
    say(f"the chain breaks at version {proof['breaks_at']} 链在此版本断裂")
    raise typer.Exit(1)


def _row(change: Any) -> tuple[object, ...]:
    return (
        change["number"], change["kind"], ", ".join(change["about"]), _who(change),
        change["decided_at"], change["why"] or "", change["steps"], change["state"],
    )  # fmt: skip


def _who(change: Any) -> str:
    behalf = f" ({change['on_behalf_of']})" if change["on_behalf_of"] else ""
    return f"{change['who']}{behalf}"


def _one(change: Any) -> None:
    rows = [(key, change[key]) for key in change if key not in ("things", "about")]
    console.print(table(f"change 变更 {change['number']}", ("", ""), rows))
    things = [(t["aggregate"], t["version"], ", ".join(t["events"])) for t in change["things"]]
    console.print(table("things 对象", ("thing", "version#", "events 事件"), things))


def _commit(row: Any) -> tuple[object, ...]:
    actor = row["actor"]
    events = ", ".join(event["type"] for event in row["events"])
    return (
        row["version"], row["at"], actor["id"], actor["on_behalf_of"] or "",
        actor["purpose"] or "", events, row["hash"][:12],
    )  # fmt: skip
