"""A traced case for people: where it is, who has it, what it waits for, and how it came there."""

from collections.abc import Iterator
from typing import Any

from rich.console import Group
from rich.table import Table

from civicgrid.show import table

Found = dict[str, Any]
Row = tuple[str, str]


def render(found: Found) -> Group:
    """The summary, the clocks, then what joint, the gateway and notification say."""
    parts: list[Table] = [table(str(found["case"]), ("what 项目", "now 现状"), _summary(found))]
    segments = found["clock"].get("segments", [])
    if segments:
        parts.append(_clocks(segments, found["clock"]))
    for name in ("joint", "gateway"):
        parts += _listed(name, found[name])
    for report, notices in found["notification"].items():
        parts += _listed(f"notification: {report}", notices)
    return Group(*parts)


def _summary(found: Found) -> Iterator[Row]:
    filed, state = found["intake"], found["dispatch"]
    if "error" in filed:
        yield "intake", filed["error"]
    else:
        yield "filed 立案", f"{filed['opened_at']} from {', '.join(filed['reports'])}"
    if "error" in state:
        yield "dispatch", state["error"]
        return
    yield "matter 事项", f"{state['matter']} ({state['condition']})"
    yield "where 地点", f"{state['grid']}{'' if state['located'] else ' (not placed)'}"
    yield "state 状态", state["status"]
    yield "waits for 等待", waits_for(state)
    yield "due 时限", str(state["due_at"] or "no limit 无时限")
    yield from _task(state)
    yield from _why(found["registry"])


def waits_for(state: Found) -> str:
    """Whose turn it is, by what time."""
    task, check = state.get("task") or {}, state.get("verification") or {}
    if state["status"] == "closed":
        return f"nothing: closed at {state['closed_at']}"
    if state["status"] == "unplaced":
        return f"{_party(state['placer'])} to say where it is"
    if state["status"] == "verifying":
        return f"{_party(check['verifier'])} to verify, by {check['due_at'] or 'no limit'}"
    if state["status"] == "lapsed":
        return "a supervisor to give the task anew"
    until = task.get("lease_until") or task.get("accept_by")
    return f"{_party(task.get('handler'))} to handle it; must be heard of by {until or 'no time'}"


def _party(party: Found | None) -> str:
    if not party:
        return "a supervisor"
    return str(party.get("person") or party["id"])


def _task(state: Found) -> Iterator[Row]:
    task = state.get("task")
    if task:
        yield "task 任务", f"{task['id']}, assignment {task['assignment']}"
        charter = task["charter"]
        basis = f"{charter['id']} v{charter['version']}" if charter else "the grid where it lies"
        yield "because of 依据", basis
        yield "overdue 超期", "yes" if task["overdue"] else "no"


def _why(route: Any) -> Iterator[Row]:
    if isinstance(route, dict) and "error" not in route:
        for key in ("leads", "lead", "supports", "support", "fallback"):
            if route.get(key):
                yield f"registry: {key}", _short(route[key])


def _clocks(segments: list[Found], clock: Found) -> Table:
    rows = [
        (
            each["id"],
            each["kind"],
            _party(each["party"]) if each["party"] else "",
            each["started_at"],
            each["stopped_at"] or "runs",
            each["due_at"] or "",
            each["reason"] or "",
        )
        for each in segments
    ]
    columns = ("segment 分段", "kind", "whose", "from 起", "to 止", "due 时限", "why 原因")
    standard, calendar = clock["standard"] or {}, clock["calendar"]
    versions = f"standard {standard.get('id')} v{standard.get('version')}"
    title = f"clock 计时: {versions}, calendar {calendar['id']} v{calendar['version']}"
    return table(title, columns, rows)


def _listed(name: str, found: Any) -> Iterator[Table]:
    if isinstance(found, dict) and "error" in found:
        yield table(name, ("error",), [(found["error"],)])
    elif isinstance(found, list) and found:
        keys = [k for k, v in found[0].items() if not isinstance(v, (dict, list))]
        yield table(name, keys, [[_short(row.get(key)) for key in keys] for row in found])


def _short(value: Any) -> str:
    return "" if value is None else str(value)[:120]
