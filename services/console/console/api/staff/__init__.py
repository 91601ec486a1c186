"""The pages of those who log in, by kind of day."""

from fastapi import APIRouter

from console.api.staff import (
    callbacks,
    case,
    case_acts,
    case_ruling,
    case_words,
    department,
    department_acts,
    desk,
    desk_bulk,
    desk_search,
    entering,
    field,
    field_app,
    field_case,
    field_report,
    field_visit,
    field_words,
    links,
    links_made,
    operator,
    triage,
)

ROUTERS: tuple[APIRouter, ...] = (
    entering.router, department.router, department_acts.router,
    field.router, field_app.router, field_report.router,
    field_words.router, field_case.router, field_visit.router,
    operator.router,
    case_words.router, case_acts.router, case_ruling.router, case.router,
    desk_search.router, desk_bulk.router, triage.router,
    callbacks.router, links_made.router, links.router, desk.router,
)  # fmt: skip
