"""What became of the charter entries that arbiters' rulings proposed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from case_contracts.district import Origin
from registry.api.answers import READ, REFUSALS
from registry.api.charter_schemas import Entry
from registry.domain.chartering.granting import KNOWN_KINDS, objections
from registry.domain.chartering.proposals import granted
from registry.domain.chartering.ruled import Known, Taken, taken_up
from registry.views.known import Known as Everything
from service_kit import clock

router = APIRouter(prefix="/charters", tags=["charters"], dependencies=READ, responses=REFUSALS)
MOST = 500


class Objection(BaseModel):
    """What would speak against granting it now."""

    code: str
    message: str


class Ruled(BaseModel):
    """``state``: ``proposed`` (it waits for two people's approval), ``granted``, ``rejected``,
    ``withdrawn``; or ``refused`` with the ``reason``, and ``other`` where an entry stands in its
    way."""

    ruling: str
    charter: str
    state: str
    department: str | None
    proposed_by: str
    matter: str
    grid: str
    entry: Entry | None = None
    approved_by: list[str] = []
    objections: list[Objection] = []
    reason: str | None = None
    other: str | None = None


@router.get("/from-rulings")
async def from_rulings(
    request: Request,
    state: Annotated[str | None, Query(description="only those in this state")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[Ruled]:
    """Every ruling that was to become a charter, and what became of it. Those that wait are also
    among `GET /charters?pending=true`, and are approved or rejected like any proposal."""
    known: Everything = request.app.state.runtime.extras["known"]
    said = await known.read(KNOWN_KINDS)
    found = [_ruled(each, said) for each in taken_up(said)]
    return [each for each in found if state in (None, each.state)][:limit]


def _ruled(taken: Taken, said: Known) -> Ruled:
    if taken.refused is not None:
        no = taken.refused
        return Ruled(
            ruling=no.ruling, charter=taken.charter, state="refused", department=no.department,
            proposed_by=no.proposed_by, matter=no.matter, grid=no.grid, reason=no.reason,
            other=no.other,
        )  # fmt: skip
    assert taken.proposal is not None
    wanted = taken.proposal.wanted
    return Ruled(
        ruling=taken.ruling,
        charter=taken.charter,
        state=taken.proposal.state,
        department=wanted.department,
        proposed_by=wanted.proposed_by,
        matter=wanted.matters[0],
        grid=wanted.grid,
        entry=Entry.model_validate(wanted),
        approved_by=list(taken.proposal.approved_by),
        objections=_objections(taken, said),
    )


def _objections(taken: Taken, said: Known) -> list[Objection]:
    assert taken.proposal is not None
    if not taken.proposal.pending:
        return []
    now = clock.now()
    entry = granted(taken.proposal.wanted, ("first", "second"), now)
    found = objections(entry, said, Origin(file="ruling"), now)
    return [Objection(code=each.code, message=each.message) for each in found]
