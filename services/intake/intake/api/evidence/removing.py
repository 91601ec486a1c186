"""Removing evidence that should not have been there."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from intake.adapters.evidence.media import Media
from intake.api.evidence import seeing
from intake.api.evidence.links import GONE, EvidenceId
from intake.api.evidence.schemas import RemovalIn
from intake.commands.evidence.remove import RemoveEvidence
from service_kit.auth import Principal
from service_kit.http.access import needs
from service_kit.http.within import InTime
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(tags=["evidence"], route_class=InTime)
Remover = Annotated[Principal, Depends(needs("evidence.remove"))]


@router.post("/evidence/{evidence}/removal", status_code=204, responses=GONE)
async def remove(request: Request, evidence: EvidenceId, why: RemovalIn, caller: Remover) -> None:
    """Show it no longer and delete its file; links that are out open nothing from now on."""
    runtime: Runtime = request.app.state.runtime
    media: Media = runtime.extras["media"]
    state = await seeing.by_staff(runtime, caller, evidence)
    row = await media.rows.find(state.evidence)
    if row is not None:
        await media.doom(row)
    await runtime.committer.submit(
        Work(
            aggregate=evidence,
            handler="intake.remove-evidence",
            cause=derived("removal", evidence),
            command=RemoveEvidence(why.reason, caller.id),
            actor=caller.actor(),
            traceparent=current_traceparent(),
        )
    )
    if row is not None:
        await media.remove(row)
