"""Whether a report is about a problem for which a case has been opened already (重复上报)."""

from collections.abc import Sequence
from dataclasses import dataclass

from case_contracts.events.intake import (
    Channel,
    DuplicateRule,
    Likeness,
    LinkProposed,
    Recorded,
    ReportLinked,
    Said,
)
from case_contracts.values import About, Point
from service_kit.alike import STAFF, Alike, Located, certain
from service_kit.store.model import Context

METRE_DIGITS, SCORE_DIGITS = 1, 3


@dataclass(frozen=True)
class Near:
    """The case that a report may belong to. ``certain``: the district's rule links it without a
    person. ``reporter`` is what stands for its reporter in that case."""

    case: str
    likeness: Likeness
    certain: bool
    reporter: str | None = None


def located(said: Said, point: Point | None) -> Located | None:
    """The report at its exact place; None where duplicates of it are not looked for."""
    if point is None or keeps_own_case(said.about, said.recorded):
        return None
    at = said.reported_at.timestamp()
    return place_of(said.report, said.case, said.matter, said.channel, point, at)


def keeps_own_case(about: About | None, recorded: Recorded | None) -> bool:
    """A complaint about somebody has a case of its own, whatever lies beside it, and takes no
    other report in; history is what it is recorded to be."""
    return about is not None or recorded is not None


def place_of(
    report: str, case: str, matter: str, channel: Channel, point: Point, at: float
) -> Located:
    """The report at its exact place; ``at`` in Unix seconds."""
    return Located(report, case, matter, point.lon, point.lat, at, channel in STAFF)


def judge(new: Located, alike: Sequence[Alike], rule: DuplicateRule) -> Near | None:
    """The most alike of these cases, which are open: linked where the rule is certain of it, else
    proposed. None where there are none."""
    best = max(alike, key=lambda each: each.score, default=None)
    if best is None:
        return None
    return Near(best.older.case, likeness(best), certain(new, best, rule))


def likeness(alike: Alike) -> Likeness:
    """As it stands in events: rounded, so that it gives no exact place away."""
    return Likeness(
        metres=round(alike.metres, METRE_DIGITS),
        hours=round(alike.hours, METRE_DIGITS),
        score=round(alike.score, SCORE_DIGITS),
    )


def linked_by_rule(said: Said, near: Near, context: Context) -> ReportLinked:
    """The machine's link of a report that has opened no case."""
    return ReportLinked(
        report=said.report,
        case=near.case,
        likeness=near.likeness,
        reporter=near.reporter,
        reachable=said.reachable,
        language=said.language,
        linked_at=context.now,
    )


def proposed(said: Said, near: Near, context: Context) -> LinkProposed:
    """A person is to say whether it belongs to that case."""
    return LinkProposed(
        report=said.report,
        case=said.case,
        to_case=near.case,
        likeness=near.likeness,
        proposed_at=context.now,
    )
