"""People: postings, secondments, contact groups, portfolios, teams, duty and hand-overs."""

from fastapi import APIRouter

from registry.api.people import (
    contact_groups,
    handovers,
    portfolios,
    postings,
    secondments,
    service,
    teams,
)

router = APIRouter()
for module in (postings, portfolios, secondments, contact_groups, teams, handovers, service):
    router.include_router(module.router)
