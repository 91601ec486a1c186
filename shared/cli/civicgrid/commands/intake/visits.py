"""``civicgrid intake visits ...``: whom to visit next (走访)."""

import asyncio
from typing import Annotated, Any

import typer

from civicgrid.client import Api, As
from civicgrid.commands.options import RunDir, addresses
from civicgrid.show import console, table

visiting = typer.Typer(
    name="visits",
    help="Rounds of visits, and who is due next. 走访计划与应走访对象。",
    no_args_is_help=True,
)
PLANNER = As("operator", "rounds.plan", "operator")
Rows = list[dict[str, Any]]
COLUMNS = ("group or grid 联系户/网格", "contacts 走访人", "done 已走访", "of 应走访", "due 应于")


@visiting.command("rounds")
def rounds(run_dir: RunDir = None) -> None:
    """The rounds that are planned."""
    rows = [
        (
            each["round"].removeprefix("round:"),
            f"{each['name']['zh']} {each['name']['en']}",
            f"{each['times']} per {each['per']}",
            each["valid_from"],
            each["valid_to"] or "—",
        )
        for each in asyncio.run(_get(run_dir, "/rounds"))
    ]
    columns = ("round 计划", "name 名称", "times 次数", "from 自", "to 至")
    console.print(table("rounds 走访计划", columns, rows))


@visiting.command("due")
def due(
    name: Annotated[str, typer.Argument(help="The round's name, such as monthly.")],
    run_dir: RunDir = None,
) -> None:
    """Per group or grid: visits made and asked for in the present period, and by when the next
    is due. An order of work; it counts nothing by person."""
    rows: Rows = []
    cursor: str | None = ""
    while cursor is not None:
        path = f"/rounds/{name}/progress"
        page = asyncio.run(_get(run_dir, path, limit=500, **({"after": cursor} if cursor else {})))
        rows, cursor = rows + page["rows"], page["cursor"]
    console.print(table(f"{name}: {len(rows)}", COLUMNS, [_shown(row) for row in by_due(rows)]))


def by_due(rows: Rows) -> Rows:
    """The most overdue first; last what has had all its visits."""
    return sorted(rows, key=lambda row: (row["due_at"] is None, row["due_at"] or "", row["target"]))


def _shown(row: dict[str, Any]) -> tuple[str, ...]:
    when = row["due_at"] or "—"
    return (
        row["target"],
        ", ".join(row["contacts"]),
        str(row["done"]),
        str(row["expected"]),
        f"{when} overdue 逾期" if row["overdue"] else when,
    )


async def _get(run_dir: RunDir, path: str, **query: Any) -> Any:
    async with Api(addresses(run_dir)) as api:
        return await api.get("intake", path, PLANNER, **query)
