"""For operators: which items of which inboxes are about a task or an operation."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from case_contracts.values import Ref
from gateway.adapters.log_rows import rows_about
from service_kit.http.access import needs

router = APIRouter(tags=["items"], dependencies=[Depends(needs("gateway.read", "operate"))])


class ItemRow(BaseModel):
    """One row of a department's inbox log, without what it says. ``cursor`` counts per
    department; an item with cursor 0 was for nobody's inbox."""

    department: str
    cursor: int
    kind: str
    assignment: int | None


@router.get(
    "/items", responses={401: {"description": "No token"}, 403: {"description": "No right"}}
)
async def items(
    request: Request,
    about: Annotated[list[Ref], Query(max_length=20, description="ids of tasks or operations")],
) -> list[ItemRow]:
    """The items about these, by department and cursor."""
    found = await rows_about(request.app.state.runtime.database, about)
    rows = [
        ItemRow(
            department=row["log"],
            cursor=row["number"],
            kind=row["kind"],
            assignment=row.get("assignment"),
        )
        for several in found.values()
        for row in several
    ]
    return sorted(rows, key=lambda row: (row.department, row.cursor))
