"""Who did what and when: the commits of one thing."""

from fastapi import APIRouter, Request

from registry.api.answers import MISSING, READ, REFUSALS
from registry.api.schemas import AuditRow
from service_kit.errors import NotFound

router = APIRouter(prefix="/audit", tags=["audit"], dependencies=READ, responses=REFUSALS | MISSING)


@router.get("/{aggregate:path}")
async def audit(request: Request, aggregate: str) -> list[AuditRow]:
    """Every commit of `grid:410199`, `charter:...`, in order, with its place in the hash chain."""
    commits = await request.app.state.runtime.committer.commits.newer(aggregate, 0)
    if not commits:
        raise NotFound(f"there is no {aggregate}")
    return [AuditRow.model_validate(commit, from_attributes=True) for commit in commits]
