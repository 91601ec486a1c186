"""What happened in a month, in Chinese and English: counted, and beside what was configured."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rich.table import Table

from case_contracts.events.dispatch import Colour
from civicgrid.replay.habits import Departments
from civicgrid.replay.scenario import Scenario
from civicgrid.show import table

LIMITED = timedelta(hours=8), timedelta(days=4)
"""Limits that people can miss as the scenario says: a shorter one ends before a fast clock lets
anybody act, a longer one is never outlasted."""

LONGER = "limits of 8 h to 4 d 时限八小时至四天"

COLOURS = {Colour.BLUE: "蓝", Colour.YELLOW: "黄", Colour.ORANGE: "橙", Colour.RED: "红"}


@dataclass(frozen=True)
class Row:
    """So many, of so many; ``share`` as configured, of these. ``must``: it has to happen at all."""

    label: str
    number: int
    of: int | None = None
    share: float | None = None
    must: bool = True


def render_month(found: Counter[str], scenario: Scenario) -> Table:
    """All rows; shares of nothing are left out."""
    columns = ("what 项目", "number 数量#", "of 基数#", "measured 实际#", "configured 设定#")
    shown = [
        (row.label, row.number, "" if row.of is None else row.of, _measured(row), _said(row.share))
        for row in month_rows(found, scenario)
    ]
    return table("a month 一个月", columns, shown)


def month_rows(found: Counter[str], scenario: Scenario) -> list[Row]:
    """What happened, in the order of a case's way."""
    return [
        *_departments(found, scenario.departments or Departments()),
        *_posts(found, scenario),
        *_time(found, scenario),
        *_supervision(found, scenario),
        *_ends(found, scenario),
        *_special(found, scenario),
    ]


def missing(rows: Sequence[Row]) -> list[str]:
    """What never happened, of what has to."""
    return [row.label.strip() for row in rows if row.must and not row.number]


def _departments(found: Counter[str], habit: Departments) -> Iterator[Row]:
    given, accepted = found["task.assigned:department"], found["task.accepted:department"]
    first, again = (found[f"task.assigned:department:{n}"] for n in ("first", "again"))
    yield Row("tasks of departments 部门任务", given)
    yield Row("  accepted 接收", accepted, given, 1 - habit.lapsed)
    yield Row("  lapsed 失约", found["task.lapsed:department"], given, habit.lapsed)
    back = "task.returned:department"
    yield Row("  returned 退回", found[f"{back}:first"], first, habit.returned)
    yield Row("  given anew, returned 再派后退回", found[f"{back}:again"], again, habit.again)
    yield Row("  calls for help 吹哨", found["whistle.blown"], accepted, habit.help)


def _posts(found: Counter[str], scenario: Scenario) -> Iterator[Row]:
    habit, judging = scenario.handlers, scenario.arbiters
    first, again = (found[f"task.assigned:post:{n}"] for n in ("first", "again"))
    yield Row("tasks of posts 岗位任务", found["task.assigned:post"])
    yield Row("  returned 退回", found["task.returned:post:first"], first, habit.returns)
    yield Row("  again returned 二次退回", found["task.returned:post:again"], again, habit.again)
    asked = found["ruling.requested"]
    yield Row("rulings 裁定", found["ruling.made"], asked)
    yield Row("  late 裁定逾期", found["ruling.overdue"], asked, judging.late, must=False)
    yield Row("  proposed as a charter 拟入清单", found["ruling.made:proposed"],
              found["ruling.made"], must=False)  # fmt: skip


def _time(found: Counter[str], scenario: Scenario) -> Iterator[Row]:
    habit = scenario.departments or Departments()
    posts, grants = scenario.handlers, scenario.supervisors.grants
    worked = found["task.accepted:department"] - sum(
        found[f"task.returned:department:{n}"] for n in ("first", "again")
    )
    names = (("pause", "paused", "挂账"), ("extension", "extended", "延期"))
    for asked, given, zh in names:
        share, own = getattr(habit, asked), getattr(posts, asked)
        number, post = found[f"{asked}.requested"], found[f"{asked}.requested:post"]
        yield Row(f"{asked}s asked by departments 部门申请{zh}", number - post, worked, share)
        yield Row(f"  by posts 岗位申请{zh}", post, found["task.assigned:post"], own)
        granted, refused = found[f"clock.{given}:handle"], found[f"relief.refused:{asked}:refused"]
        yield Row(f"  granted 批准{zh}", granted, granted + refused, grants)
        yield Row(f"  refused 不予{zh}", refused, granted + refused, 1 - grants)
        yield Row(
            "  work ended first 未及审批", found[f"relief.refused:{asked}:undecided"], must=False
        )
    yield Row("near due 临期", found["task.near_due"])
    limited = found["task.assigned:limited"]
    yield Row("overdue 超期", found["task.overdue"])
    yield Row(f"  departments, {LONGER}", found["task.overdue:limited"], limited,
              habit.late)  # fmt: skip
    yield Row("twice overdue 两倍超期", found["task.twice_overdue"])


def _supervision(found: Counter[str], scenario: Scenario) -> Iterator[Row]:
    slips = found["slip.issued"]
    for colour, zh in COLOURS.items():
        yield Row(f"slips, {colour} {zh}色督办单", found[f"slip.issued:{colour}"])
    yield Row("  by hand 人工", found["slip.issued:by_hand"])
    yield Row("  answered 已答复", found["slip.answered"], slips)
    yield Row("  late 答复逾期", found["slip.overdue"])
    yield Row(f"  {LONGER}", found["slip.overdue:limited"], found["slip.issued:limited"],
              scenario.slips.late)  # fmt: skip
    yield Row("pressed 督办", found["task.pressed"])
    yield Row("escalated by rule 自动提级", found["case.escalated:by_rule"])
    yield Row("escalated by hand 人工提级", found["case.escalated:by_hand"])
    yield Row("  taken over 提级办理", found["case.escalated:takes_over"])
    yield Row("emergencies 紧急", found["emergency.alerted"])
    yield Row("  taken by a post 岗位接手", found["task.assigned:taken"])


def _ends(found: Counter[str], scenario: Scenario) -> Iterator[Row]:
    checks, asked = scenario.verifiers, found["verification.requested:limited"]
    failed = found["verification.failed:first"]
    words = failed + found["verification.passed:first"]
    yield Row("verification failed, first round 核实不通过", failed, words, checks.fail)
    yield Row("verification late 核实逾期", found["verification.overdue"])
    yield Row(f"  {LONGER}", found["verification.overdue:limited"], asked, checks.late)
    closed, rating = found["case.closed:first"], scenario.reporters
    yield Row("closed 结案", found["case.closed"])
    dissent = rating.rate * rating.dissent
    yield Row("reopened 重开", found["case.reopened"], closed, dissent)
    yield Row("  to a higher level 上级决定重开", found["reopening.referred"],
              found["case.reopened"], rating.insist)  # fmt: skip
    owed = found["clock.started:answer"]
    yield Row("answers given 答复", found["answer.given"], found["case.closed"])
    yield Row("  late 答复逾期", found["answer.overdue"], owed, scenario.answers.late)
    void = found["voiding.requested"]
    work = found["task.assigned:post:first"] + found["task.assigned:post:again"]
    yield Row("asked to void 申请作废", void, work, scenario.handlers.void)
    yield Row("  voided 作废", void - found["voiding.refused"], void, scenario.approvers.approves)


def _special(found: Counter[str], scenario: Scenario) -> Iterator[Row]:
    ended, habit = found["mediation.ended"], scenario.mediators
    agreed = 1 - habit.failed - habit.passed_on
    outcomes = (("agreement", "达成协议", agreed), ("failed", "调解不成", habit.failed),
                ("passed_on", "移交", habit.passed_on))  # fmt: skip
    for outcome, zh, share in outcomes:
        words = outcome.replace("_", " ")
        yield Row(f"mediations: {words} {zh}", found[f"mediation.ended:{outcome}"], ended, share)
    serving, results = scenario.services, found["service.returned"]
    yield Row("services: papers handed on 代办移交", found["documents.handed_on"])
    for result, zh in (("granted", "办成"), ("refused", "不予办理"), ("more_needed", "需补材料")):
        words = result.replace("_", " ")
        yield Row(f"services: {words} {zh}", found[f"service.returned:{result}"], results,
                  getattr(serving, result, None), must=result == "granted")  # fmt: skip
    answered, text = found["inquiry.answered"], scenario.inquiries.from_text
    yield Row("inquiries answered 咨询答复", answered)
    yield Row("  from a text 依据知识库", found["inquiry.answered:from_text"], answered, text)


def _measured(row: Row) -> str:
    return f"{row.number / row.of:.1%}" if row.of else ""


def _said(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
