"""What may be asked of grid workers: a list for everybody."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from case_contracts.values import Ref
from registry.api.answers import REFUSALS, When
from registry.api.rules.admission_schemas import ADMITTED, AdmittedOut
from registry.api.rules.shared import known
from registry.api.schemas import example
from registry.domain.admitted import admitted
from registry.domain.admitting import KINDS_NEEDED

router = APIRouter(prefix="/admissions", tags=["admissions"], responses={422: REFUSALS[422]})


@router.get("", responses={200: example([ADMITTED])})
async def listed(
    request: Request,
    when: When,
    department: Annotated[Ref | None, Query(examples=["urban-management"])] = None,
) -> list[AdmittedOut]:
    """What grid workers may be asked to do at a time, since and until when, and which department
    proposed it. Public: it needs no token, and names no person."""
    published = await known(request).read(KINDS_NEEDED)
    return [
        AdmittedOut.model_validate(each)
        for each in admitted(published, when)
        if department in (None, each.department)
    ]
