"""People: postings, secondments, contact groups, portfolios, teams, duty and hand-overs."""

from registry.api.people import (
    contact_groups,
    handovers,
    portfolios,
    postings,
    secondments,
    service,
    teams,
)
from service_kit.http.routes import joined

router = joined(
    module.router
    for module in (
        postings, portfolios, secondments, contact_groups, teams, handovers, service
    )
)  # fmt: skip
