"""Postings: who holds which role in which grid."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from case_contracts.events.registry import PostingStarted
from registry.api.answers import READ, REFUSALS, When
from registry.api.schemas import example
from registry.domain.kinds import KINDS
from registry.views.records import valid
from service_kit.errors import Invalid

router = APIRouter(prefix="/postings", tags=["postings"], dependencies=READ, responses=REFUSALS)


@router.get("", responses={200: example([PostingStarted.EXAMPLE])})
async def postings(
    request: Request,
    when: When,
    grid: Annotated[str | None, Query(examples=["410199001001101"])] = None,
    person: Annotated[str | None, Query(examples=["p-000123"])] = None,
) -> list[PostingStarted]:
    """The postings in a grid, or of a person, that stood at a time. People are ids, not names."""
    given = {"grids": grid, "persons": person}
    query = {key: value for key, value in given.items() if value is not None}
    if not query:
        raise Invalid("give grid, person or both")
    database = request.app.state.runtime.database
    found = await valid(database, KINDS["posting"], PostingStarted, query, when)
    return [p for p in found if grid in (None, p.grid) and person in (None, p.person)]
