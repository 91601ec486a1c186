"""Visits as they are shown."""

from case_contracts.events.intake import VisitLogged
from intake.api import sight
from intake.api.visit_access import Scene
from intake.api.visit_schemas import VisitRow
from intake.domain.visit_labels import VISIT_KINDS
from intake.views.reports import report_states
from service_kit.auth import Principal


async def without_complaints(
    here: Scene, caller: Principal, found: list[VisitLogged]
) -> list[VisitLogged]:
    """Others' visits, without the reports that complain of the caller or of whom they are under:
    an id that leads nowhere would tell of them."""
    named = {r for each in found if each.person != caller.id for r in _came_of(each)}
    known = await report_states(here.runtime.database, sorted(named))
    hides = await sight.hidden_from(here.runtime, caller)
    hidden = {each for each, state in known.items() if state.said and hides(state.said.about)}
    return [_without(each, hidden) for each in found]


def _came_of(visit: VisitLogged) -> tuple[str, ...]:
    return (*visit.reports, *visit.services)


def _without(visit: VisitLogged, hidden: set[str]) -> VisitLogged:
    if hidden.isdisjoint(_came_of(visit)):
        return visit
    reports = tuple(each for each in visit.reports if each not in hidden)
    services = tuple(each for each in visit.services if each not in hidden)
    return visit.model_copy(update={"reports": reports, "services": services})


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
