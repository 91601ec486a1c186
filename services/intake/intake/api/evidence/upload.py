"""``POST /evidence``: a file comes in, is cleaned, sealed and committed."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request

from case_contracts.events.intake import Phase
from case_contracts.values import Ref
from intake.api.evidence.body import allowance, announced, declared, read
from intake.api.evidence.schemas import FILE, EvidenceOut, out
from intake.api.evidence.taking import File, take
from intake.api.evidence.target import Asked, target
from intake.api.evidence.within import WithFile
from intake.api.schemas import Answers
from intake.settings import IntakeSettings
from intake.views.evidence import evidence_state
from service_kit.http.access import Caller
from service_kit.runtime import Runtime

router = APIRouter(tags=["evidence"], route_class=WithFile)
ANSWERS: Answers = {
    401: {"description": "Neither a receipt nor a token, or a bad token"},
    403: {"description": "The token lacks the scope evidence.write"},
    404: {"description": "No such receipt or case"},
    408: {"description": "too_slow: the file did not come in time"},
    409: {"description": "evidence_full, withdrawn, or task_not_known"},
    410: {"description": "What the evidence would belong to was erased"},
    413: {"description": "The file is too large"},
    415: {"description": "unsupported_type, or type_mismatch: the content is another type"},
    422: {"description": "unreadable, too_many_pixels, too_many_frames, too_many_pages, encrypted,"
          " active_content; a field is not valid; or the key came with another file"},
}  # fmt: skip


@router.post("/evidence", status_code=201, responses=ANSWERS, openapi_extra=FILE)
async def attach(
    request: Request,
    caller: Caller,
    receipt: Annotated[
        str | None,
        Header(max_length=40, description="A reporter's own receipt; then no token is needed"),
    ] = None,
    case: Annotated[Ref | None, Query(description="The task's case")] = None,
    taskid: Annotated[Ref | None, Query(description="The task whose work it shows")] = None,
    phase: Annotated[Phase | None, Query(description="Before or after the work")] = None,
    by: Annotated[Ref | None, Query(description="For whom a service sends it")] = None,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Sent again it gets the same answer. Without one, the same file for the"
            " same report or task is the same evidence.",
        ),
    ] = None,
) -> EvidenceOut:
    """Attach one file: to one's own report by its receipt, or to a task, before or after.

    Photos are rendered anew, sound and films packed anew, documents written anew; what the file
    said of time and place is sealed, and its public copy says nothing of them.
    """
    runtime: Runtime = request.app.state.runtime
    settings = runtime.settings
    assert isinstance(settings, IntakeSettings)
    kind = declared(request)
    whose = await target(runtime, caller, Asked(receipt, case, taskid, phase, by))
    limit, workshop = allowance(kind, settings), runtime.extras["workshop"]
    async with workshop.room_for(announced(request, limit)):
        data = await read(request, limit, settings.evidence_seconds)
        evidence = await take(runtime, caller, whose, File(data, kind), idempotency_key)
    found = await evidence_state(runtime.database, evidence)
    assert found is not None
    return out(found)
