"""Visits as they are shown."""

from case_contracts.events.intake import VisitLogged
from intake.api.visit_access import Scene
from intake.api.visit_schemas import VisitRow
from intake.domain.visit_labels import VISIT_KINDS


async def visit_rows(here: Scene, found: list[VisitLogged]) -> list[VisitRow]:
    """Without households that have taken their consent back."""
    entries = sorted({each.entry for each in found if each.entry})
    gone = await here.room.erased(entries) if entries else set()
    return [visit_row(each, gone) for each in found]


def visit_row(visit: VisitLogged, gone: set[str]) -> VisitRow:
    return VisitRow(
        visit=visit.visit,
        person=visit.person,
        posting=visit.posting,
        grid=visit.grid,
        group=visit.group,
        household=None if visit.entry in gone else visit.entry,
        kind=visit.kind,
        kind_name=VISIT_KINDS[visit.kind],
        topics=list(visit.topics),
        visited_at=visit.visited_at,
        logged_at=visit.logged_at,
        place=visit.place,
        noted=visit.noted,
        reports=list(visit.reports),
        services=list(visit.services),
    )
