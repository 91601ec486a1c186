"""What is asked about people: teams, duty, service files, open work."""

from typing import Annotated, Any

import typer

from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import ask
from civicgrid.show import console, table

At = Annotated[str | None, typer.Option("--at", help="A time with its zone; now.")]
Grid = Annotated[str, typer.Argument(help="Code of the grid.")]
Person = Annotated[str, typer.Argument(help="The person's id.")]
OPEN = "—"
KINDS = {
    "posting": "posting 任职",
    "secondment": "secondment 下沉",
    "portfolio": "portfolio 分管",
    "contact_group": "contact group 联系户",
    "handed_over": "handed over 移交",
    "took_over": "took over 接收",
    "task": "task 任务",
    "verification": "verification 核实",
    "placing": "placing 定位",
}


def team(code: Grid, at: At = None, run_dir: RunDir = None) -> None:
    """Who is in a grid, whether the team is complete, and who is on duty. 网格团队"""
    found = ask(run_dir, f"/teams/{code}", at=at)
    rows = [
        (_role(role), member["person"], _yes(member["accountable"]), _yes(member["on_duty"]))
        for role in found["roles"]
        for member in role["members"]
    ]
    columns = ("role 角色", "person 人员", "accountable 责任人", "on duty 在岗")
    console.print(table(f"{code}: {_size(found)}", columns, rows))
    if found["seconded"]:
        console.print(f"seconded 下沉: {', '.join(found['seconded'])}")


def duty(grid: Grid, at: At = None, run_dir: RunDir = None) -> None:
    """Who is on duty in a grid, or in the nearest one above it. 值守"""
    found = ask(run_dir, "/on-duty", grid=grid, at=at)
    where = found["nearest"] or "nobody 无人"
    rows = [(member["person"], member["posting"]) for member in found["on_duty"]]
    console.print(
        table(f"{grid}: {where} ({found['zone']})", ("person 人员", "posting 定员"), rows)
    )


def service_file(person: Person, run_dir: RunDir = None) -> None:
    """All posts, secondments, portfolios, groups and hand-overs of a person. 履职档案"""
    rows = [
        (line["since"], line["until"] or OPEN, KINDS.get(line["kind"], line["kind"]),
         line["grid"], line["role"] or line["department"] or "", line["other"] or line["id"])
        for line in ask(run_dir, f"/persons/{person}/service")
    ]  # fmt: skip
    columns = ("from 自", "to 至", "what 事项", "grid 网格", "as 身份", "id / with 编号")
    console.print(table(person, columns, rows))


def open_work(person: Person, run_dir: RunDir = None) -> None:
    """The cases in a person's hands. 在办案卷"""
    rows = [
        (work["case"], KINDS.get(work["kind"], work["kind"]), work["posting"], work["since"],
         work["due_at"] or OPEN)
        for work in ask(run_dir, "/open-work", person=person)
    ]  # fmt: skip
    columns = ("case 案卷", "what 事项", "posting 定员", "since 自", "due 期限")
    console.print(table(f"{person}: {len(rows)}", columns, rows))


def _role(role: dict[str, Any]) -> str:
    name = role["name"]
    return f"{role['role']} {name['zh']}" if name else str(role["role"])


def _yes(value: bool) -> str:
    return "yes 是" if value else ""


def _size(found: dict[str, Any]) -> str:
    wanted = found["wanted"]
    if wanted is None:
        return f"{found['people']} people 人"
    whole = "complete 齐全" if found["complete"] else "not complete 不齐"
    return f"{found['people']} people 人, {wanted['least']}-{wanted['most']} wanted: {whole}"
