"""The final table of a replay, in Chinese and English."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from civicgrid.replay.follow import Standing
from civicgrid.replay.outcome import Outcome, Spread
from civicgrid.show import table

Row = tuple[str, str]
MOST_WAITING = 12
LEAST_HELD_BACK = 1.0


def render(outcome: Outcome) -> Group:
    """The figures, then what is not closed and whom or what it waits for, and why no longer."""
    parts: list[Table | Text] = [
        table("replay 回放", ("what 项目", "number 数量#"), _rows(outcome))
    ]
    if outcome.waiting:
        parts.append(_waiting(outcome.waiting))
    if outcome.stopped:
        parts.append(Text(
            f"No longer waited for 不再等待: {outcome.stopped}. A slow machine keeps up with a"
            " slower clock 机器较慢时可调慢时钟 (demo: --speed, up: --clock)."
        ))  # fmt: skip
    return Group(*parts)


def _rows(outcome: Outcome) -> Iterator[Row]:
    figures = outcome.figures
    statuses = outcome.statuses
    yield "reports sent 上报", str(len(outcome.sent))
    yield "received 受理", str(statuses["received"])
    if outcome.bad_lines:
        yield "lines that are no report 无效行", str(outcome.bad_lines)
    if statuses["waiting"]:
        yield "waiting for a reviewer 待审核", str(statuses["waiting"])
    for reason, number in sorted(outcome.turned_away.items()):
        yield f"  rejected: {reason} 不予立案", str(number)
    if outcome.not_taken_up:
        yield "not taken up by dispatch 派遣未接收", str(outcome.not_taken_up)
    yield "cases opened 立案", str(figures["opened"])
    for name, number in sorted(figures["assigned"].items()):
        yield f"  assigned: {name} 派遣", str(number)
    yield "completed 处置完成", str(figures["completed"])
    yield "verified 核实", str(figures["verified"])
    yield "closed 结案", str(figures["closed"])
    yield "reopened 重开", str(figures["reopened"])
    yield "overdue 超期", str(figures["overdue"])
    yield "on time 按期", str(figures["on_time"])
    yield "without a limit 无时限", str(figures["without_limit"])
    for kind, number in sorted(outcome.notices.items()):
        yield f"notices: {kind} 通知", str(number)
    yield from _speeds(outcome)
    for code, number in sorted(outcome.refused_acts.items()):
        yield f"people's acts refused: {code} 被拒操作", str(number)


def _speeds(outcome: Outcome) -> Iterator[Row]:
    if outcome.held_back >= LEAST_HELD_BACK:
        yield "sent later as dispatch was behind 因派遣滞后缓发", f"{outcome.held_back:.0f} s"
    if outcome.cases_per_second is not None:
        yield "cases/s 每秒案卷", f"{outcome.cases_per_second:.1f}"
    yield from _spread("report → inbox 上报至收件", outcome.to_inbox)
    yield from _spread("report → closed 上报至结案", outcome.to_closed)


def _spread(name: str, found: Spread | None) -> Iterator[Row]:
    if found is not None:
        yield f"{name}, p50", f"{found.p50:.3f} s"
        yield f"{name}, p99 ({found.count})", f"{found.p99:.3f} s"


def _waiting(rows: Sequence[Standing]) -> Table:
    """Open cases by whom they wait for, with the next time at which something happens."""
    desks = Counter((row["desk"] or "nobody", row["status"]) for row in rows)
    shown = [
        (desk, status, number, _next(rows, desk, status))
        for (desk, status), number in desks.most_common(MOST_WAITING)
    ]
    rest = sum(desks.values()) - sum(row[2] for row in shown)
    if rest:
        shown.append((f"{len(desks) - len(shown)} others", "", rest, ""))
    columns = ("waits for 等待", "state 状态", "cases#", "next at 下一时点")
    return table(f"not closed 未结案: {len(rows)}", columns, shown)


def _next(rows: Sequence[Standing], desk: str, status: str) -> str:
    times = [
        row["next_due"]
        for row in rows
        if (row["desk"] or "nobody", row["status"]) == (desk, status) and row["next_due"]
    ]
    return min(times, default="")
