"""``civicgrid sandbox``: a district of one's own to try a department's service against."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from civicgrid.commands.options import RunDir, system
from civicgrid.local import LocalError, find_broker
from civicgrid.local.ports import free_port
from civicgrid.new_department.writing import NAME
from civicgrid.sandbox.control import Sandbox, find, span
from civicgrid.sandbox.running import ENV, SandboxOptions, run
from civicgrid.show import console, say, table

COLUMNS = (
    "task 任务", "no 次#", "matter 事项", "state 状态", "beats 心跳#", "steps 进展",
    "outcome 结果", "evidence 证据", "refused 拒绝",
)  # fmt: skip
EXAMPLE = "part/utilities/manhole-cover"


class ByName(TyperGroup):
    """``sandbox parks`` is ``sandbox run parks``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        known = not args or args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if known else ["run", *args])


app = typer.Typer(
    cls=ByName,
    no_args_is_help=True,
    help="A district to try one department's service against. 部门服务的试验沙箱。",
)
Which = Annotated[str | None, typer.Option("--department", help="where several sandboxes run")]
TaskId = Annotated[str, typer.Argument(help="as `civicgrid sandbox tasks` shows it")]


@app.command("run")
def start(
    name: Annotated[str, typer.Argument(help="the department's id, such as parks")],
    matter: Annotated[
        list[str] | None, typer.Option(help="give a task of it at once; more than once")
    ] = None,
    port: Annotated[int, typer.Option(help="for HTTP; by default a free one")] = 0,
    lease: Annotated[str, typer.Option(help="how long a lease lasts")] = "4h",
    run_dir: RunDir = None,
) -> None:
    """Play the district for one department until Ctrl-C: `civicgrid sandbox NAME`. 启动沙箱。"""
    if not NAME.fullmatch(name):
        raise LocalError(f"{name!r} is no department's id", "small letters, digits and hyphens")
    length: timedelta = span(lease)
    folder = _folder(run_dir) / name
    options = SandboxOptions(name, folder, port or free_port(), matter or [], length)
    run(options, find_broker(system(run_dir).folder / "broker", say))


@app.command("env")
def env(department: Which = None, run_dir: RunDir = None) -> None:
    """The department's credentials, as lines for its environment. 部门凭据。"""
    found = find(_folder(run_dir), department)
    typer.echo((_folder(run_dir) / found.department / ENV).read_text(), nl=False)


@app.command("task")
def task(
    matter: Annotated[str, typer.Option(help="class/category/item")] = EXAMPLE,
    text: Annotated[str | None, typer.Option(help="the reporter's words")] = None,
    limit: Annotated[str, typer.Option(help="from now on, such as 8h")] = "8h",
    urgent: Annotated[bool, typer.Option("--urgent")] = False,
    department: Which = None,
    run_dir: RunDir = None,
) -> None:
    """Give the department a task. 派一项任务。"""
    hours = span(limit) / timedelta(hours=1)
    wanted = {"matter": matter, "text": text, "limit_hours": hours, "urgent": urgent}
    given = _sandbox(run_dir, department).ask("POST", "/tasks", json=wanted)
    typer.echo(given["taskid"])


@app.command("withdraw")
def withdraw(
    taskid: TaskId,
    reason: Annotated[str, typer.Option(help="a code")] = "charter_revoked",
    department: Which = None,
    run_dir: RunDir = None,
) -> None:
    """Take a task away. 收回任务。"""
    box = _sandbox(run_dir, department)
    box.ask("POST", f"/tasks/{taskid}/withdraw", params={"reason": reason})


@app.command("again")
def again(taskid: TaskId, department: Which = None, run_dir: RunDir = None) -> None:
    """Give an open task anew, as a supervisor does after a lapse. 重新派遣。"""
    _sandbox(run_dir, department).ask("POST", f"/tasks/{taskid}/again")


@app.command("decide")
def decide(
    taskid: TaskId,
    granted: Annotated[bool, typer.Option("--grant/--refuse")],
    department: Which = None,
    run_dir: RunDir = None,
) -> None:
    """Answer a request for more time (挂账、延期). 批复申请。"""
    box = _sandbox(run_dir, department)
    box.ask("POST", f"/tasks/{taskid}/decide", params={"granted": granted})


@app.command("clock")
def clock(
    by: Annotated[str, typer.Argument(help="+30m, +2h, +1d")],
    department: Which = None,
    run_dir: RunDir = None,
) -> None:
    """Let time pass at once: leases lapse, limits end. 拨快时钟。"""
    seconds = span(by).total_seconds()
    happened = _sandbox(run_dir, department).ask("POST", "/clock", json={"seconds": seconds})
    for each in happened:
        console.print(f"{each['taskid']} {each['what']}: {each['en']} {each['zh']}")
    if not happened:
        console.print("nothing happened 没有变化")


@app.command("tasks")
def tasks(
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    department: Which = None,
    run_dir: RunDir = None,
) -> None:
    """What became of each task. 任务一览。"""
    found = _sandbox(run_dir, department).ask("GET", "/tasks")
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    console.print(table(f"tasks 任务: {len(found)}", COLUMNS, map(_cells, found)))


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    marks = [row["state"], *(["overdue 超时"] if row["overdue"] else [])]
    asks = [f"asks {row['asks']}"] if row["asks"] else []
    lapses = [f"{row['lapses']} x lapsed 失效"] if row["lapses"] else []
    return (
        row["taskid"], row["assignment"], row["matter"], ", ".join([*marks, *asks, *lapses]),
        row["beats"], ", ".join(row["steps"]), row["outcome"], ", ".join(row["evidence"]),
        ", ".join(row["refusals"]),
    )  # fmt: skip


def _folder(run_dir: Path | None) -> Path:
    return system(run_dir).folder / "sandbox"


def _sandbox(run_dir: Path | None, department: str | None) -> Sandbox:
    return find(_folder(run_dir), department)
