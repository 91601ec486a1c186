"""What an onboarding found and did, as figures for people and programs."""

from datetime import timedelta

from pydantic import BaseModel
from rich.table import Table

from case_contracts.values import Limit
from civicgrid.onboard.grids import Territory
from civicgrid.onboard.learn import Learnt
from civicgrid.onboard.matters import Standard
from civicgrid.onboard.rows import Row
from service_kit.worktime import WorkCalendar, deadline

_CLOSE = timedelta(seconds=120)


class OnboardReport(BaseModel):
    """Figures of one onboarding. A target is a row's own due time.

    ``targets_of_limits``: targets of matters that got a limit; ``targets_met``: those of them
    that our deadline meets within 120 seconds. ``share_not_explained`` is over *all* targets.
    """

    district: str
    rows_read: int
    rows_taken: int
    rows_not_sampled: int
    refused: dict[str, int]
    refused_first_line: dict[str, int]
    without_location: int
    closed_before_opened: int
    grids: dict[str, int]
    grids_repaired: list[str]
    levels_without_accountable: list[str]
    departments: int
    matters: int
    matters_with_limit: int
    limits_of_nothing: list[str]
    admitted: int
    postings: int
    targets: int
    targets_of_limits: int
    targets_met: int
    share_met: float | None
    share_not_explained: float | None


class Targets(BaseModel):
    """How many due times the data gives, and how many of them the limits explain."""

    given: int
    of_limits: int
    met: int


def targets(rows: list[Row], made: Standard, calendar: WorkCalendar) -> Targets:
    due = [row for row in rows if row.due_at is not None]
    known = [(row, made.limits[row.key]) for row in due if row.key in made.limits]
    met = sum(_meets(row, limit, calendar) for row, limit in known)
    return Targets(given=len(due), of_limits=len(known), met=met)


def _meets(row: Row, limit: Limit, calendar: WorkCalendar) -> bool:
    ours = deadline(row.reported_at, limit, calendar)
    return row.due_at is not None and abs(ours - row.due_at) <= _CLOSE


def figures(
    district: str,
    learnt: Learnt,
    found: Territory,
    made: Standard,
    due: Targets,
    counts: dict[str, int],
    gaps: list[str],
) -> OnboardReport:
    """The report; ``counts`` has departments, admitted and postings."""
    return OnboardReport(
        district=district,
        rows_read=learnt.read,
        rows_taken=len(learnt.rows),
        rows_not_sampled=learnt.not_sampled,
        refused=dict(learnt.refused.most_common()),
        refused_first_line=learnt.examples,
        without_location=sum(row.point is None for row in learnt.rows),
        closed_before_opened=sum(
            row.closed_at is not None and row.closed_at < row.reported_at for row in learnt.rows
        ),
        grids={level: len(found.of(level)) for level in found.levels},
        grids_repaired=found.repaired,
        levels_without_accountable=gaps,
        departments=counts["departments"],
        matters=len(made.codes),
        matters_with_limit=len(made.limits),
        limits_of_nothing=made.limits_of_nothing,
        admitted=counts["admitted"],
        postings=counts["postings"],
        targets=due.given,
        targets_of_limits=due.of_limits,
        targets_met=due.met,
        share_met=due.met / due.of_limits if due.of_limits else None,
        share_not_explained=1 - due.met / due.given if due.given else None,
    )


def report_table(report: OnboardReport) -> Table:
    """The report for the screen, in Chinese and English."""
    table = Table(title=f"接入 Onboarding: {report.district}", show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    for label, value in _lines(report):
        table.add_row(label, value)
    return table


def _lines(report: OnboardReport) -> list[tuple[str, str]]:
    refused = [
        (f"  拒绝 refused: {reason} (行 line {report.refused_first_line[reason]}…)", f"{count:,}")
        for reason, count in report.refused.items()
    ]
    return [
        ("读取 rows read", f"{report.rows_read:,}"),
        ("采用 rows taken", f"{report.rows_taken:,}"),
        ("未抽取 not sampled", f"{report.rows_not_sampled:,}"),
        *refused,
        ("无位置 without location", f"{report.without_location:,}"),
        ("先结后立 closed before opened, kept as recorded", f"{report.closed_before_opened:,}"),
        *((f"网格 grids: {level}", f"{count:,}") for level, count in report.grids.items()),
        ("修复 outlines repaired", _named(report.grids_repaired)),
        ("无定员 levels with nobody accountable", _named(report.levels_without_accountable)),
        ("部门 departments", f"{report.departments:,}"),
        ("事项 matters", f"{report.matters:,}"),
        ("  有时限 with a limit", f"{report.matters_with_limit:,}"),
        ("  无时限 without", f"{report.matters - report.matters_with_limit:,}"),
        ("  时限为零 limit of nothing, left out", _named(report.limits_of_nothing)),
        ("准入 admitted", f"{report.admitted:,}"),
        ("定员 postings", f"{report.postings:,}"),
        ("期限 rows with a target", f"{report.targets:,}"),
        ("  有时限事项 of matters with a limit", f"{report.targets_of_limits:,}"),
        ("  吻合 of these within 120 s", _share(report.targets_met, report.share_met)),
        ("  未解释 targets not explained", _percent(report.share_not_explained)),
    ]


def _named(names: list[str]) -> str:
    shown = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
    return f"{len(names)} ({shown})" if names else "0"


def _share(count: int, share: float | None) -> str:
    return f"{count:,} ({_percent(share)})" if share is not None else "0"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
