"""What the data itself says, beside what our events say: deadlines, timeliness, wards."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from civicgrid.client import Api, As
from civicgrid.replay.deeds.stage import LOOKER
from civicgrid.replay.pacing import Still, rest
from civicgrid.reports_file import AnswerLine

CLOSE = timedelta(seconds=120)
PAGE = 20_000
LOOKED_UP = 500
STILL_SECONDS = 30.0
"""After which what has not been heard of is taken to be lost."""
SCORES = As("real", "scores.read", "operator")
REGISTRY = As("real", "registry.read", "operator")
LONG_AGO = datetime(1971, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2999, 1, 1, tzinfo=UTC)

SHARE_MET, MOST_DIFFERENT, SHARE_AGREED = 0.99, 15, 0.985
"""The bounds: deadlines met, timeliness different in rows, wards agreed."""


@dataclass(frozen=True)
class Bound:
    """A figure with the bound that it must keep."""

    name: str
    found: str
    bound: str
    kept: bool


@dataclass
class Comparison:
    """Counts over the rows that have an answer of the kind."""

    targets: int = 0
    explained: int = 0
    met: int = 0
    compared: int = 0
    different: int = 0
    located: int = 0
    agreed: int = 0
    closed_wrongly: int = 0

    def bounds(self) -> list[Bound]:
        """Each figure that the issue sets a bound for."""
        met, agreed = _share(self.met, self.explained), _share(self.agreed, self.located)
        different = self.different
        return [
            Bound(
                "due_at equals TARGET_DT within 120 s 时限吻合",
                f"{self.met:,} of {self.explained:,} ({met:.2%})",
                f">= {SHARE_MET:.0%}",
                self.explained > 0 and met >= SHARE_MET,
            ),
            Bound(
                "on time differs from OnTime_Status 按期判定不同",
                f"{different:,} of {self.compared:,}",
                f"<= {MOST_DIFFERENT}",
                self.compared > 0 and different <= MOST_DIFFERENT,
            ),
            Bound(
                "ward agrees with the row's own 选区一致",
                f"{self.agreed:,} of {self.located:,} ({agreed:.2%})",
                f">= {SHARE_AGREED:.1%}",
                self.located > 0 and agreed >= SHARE_AGREED,
            ),
            Bound(
                "closed though CLOSED_DT is not given, or the reverse 结案不符",
                f"{self.closed_wrongly:,}",
                "0",
                self.closed_wrongly == 0,
            ),
        ]

    @property
    def not_explained(self) -> float:
        """Share of all targets that no limit of ours meets."""
        return 1 - _share(self.met, self.targets)


def compare(
    answers: Sequence[AnswerLine],
    cases: Mapping[str, str],
    finished: Mapping[str, Mapping[str, Any]],
    wards: Mapping[str, str | None],
    level: str,
) -> Comparison:
    """Compare row by row. ``cases`` by ref, ``finished`` by case (assessment's rows), ``wards``
    the grid of ``level`` in which a located case was found, by case."""
    found = Comparison()
    for answer in answers:
        case = cases.get(answer.ref)
        if case is None:
            continue
        ours = finished[case]
        _deadline(found, answer, ours)
        found.closed_wrongly += (answer.closed_at is None) != (ours["closed_at"] is None)
        if case in wards and level in answer.grids:
            found.located += 1
            found.agreed += wards[case] == answer.grids[level]
    return found


def _deadline(found: Comparison, answer: AnswerLine, ours: Mapping[str, Any]) -> None:
    if answer.due_at is None:
        return
    found.targets += 1
    if ours["due_at"] is None:
        return
    found.explained += 1
    found.met += abs(datetime.fromisoformat(ours["due_at"]) - answer.due_at) <= CLOSE
    if ours["on_time"] is not None and answer.on_time is not None:
        found.compared += 1
        found.different += ours["on_time"] != answer.on_time


async def finished_cases(api: Api, cases: Iterable[str], closed: int) -> dict[str, dict[str, Any]]:
    """What assessment says of each case: due, closed, on time. It hears of them after dispatch,
    which has ``closed`` so many: asked until it knows as much, or hears nothing more."""
    wanted, found = set(cases), dict[str, dict[str, Any]]()

    def known() -> tuple[int, int]:
        ours = [found[case] for case in wanted if case in found]
        return len(ours), sum(row["closed_at"] is not None for row in ours)

    still = Still(lambda: sum(known()))
    while True:
        begun = time.monotonic()
        found = await _finished(api)
        if known() >= (len(wanted), closed) or still.seconds > STILL_SECONDS:
            return found
        await rest(begun)


async def _finished(api: Api) -> dict[str, dict[str, Any]]:
    span = {"from": LONG_AGO.isoformat(), "to": FAR_AHEAD.isoformat(), "limit": PAGE}
    found: dict[str, dict[str, Any]] = {}
    after: int | None = 0
    while after is not None:
        page = await api.get("assessment", "/figures/on-time", SCORES, **span, after=after)
        found |= {row["case"]: row for row in page["cases"]}
        after = page["cursor"]
    return found


async def grids_above(api: Api, cases: Sequence[str], level: str) -> dict[str, str | None]:
    """The grid of ``level`` that each case lies in, by case; cases in the root are left out."""
    grids = {each["grid"]: each for each in await api.get("registry", "/grids", REGISTRY)}
    found: dict[str, str | None] = {}
    for first in range(0, len(cases), LOOKED_UP):
        body = {"cases": list(cases[first : first + LOOKED_UP])}
        for row in await api.post("dispatch", "/cases/lookup", body, LOOKER):
            if grids[row["grid"]]["parent"] is not None:
                found[row["case"]] = _above(grids, row["grid"], level)
    return found


def _above(grids: Mapping[str, Mapping[str, Any]], grid: str | None, level: str) -> str | None:
    while grid is not None and grids[grid]["level"] != level:
        grid = grids[grid]["parent"]
    return grid


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
