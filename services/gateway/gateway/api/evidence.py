"""Evidence of a department's tasks: listed, opened and attached with its own token."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.intake import Phase
from case_contracts.inbox import EXAMPLES, Attachment
from case_contracts.values import Instant, Ref
from gateway.adapters.evidence import Sent
from gateway.api.departments import Department, OwnDoor
from gateway.api.passing import Passing
from gateway.domain.attachments import address
from service_kit.http.routes import joined
from service_kit.http.within import InTime
from service_kit.ids import derived

_TASK = EXAMPLES["task.assigned"]
_ATTACHED = _TASK["attachments"][0]
TaskId = Annotated[Ref, Path(examples=[_TASK["taskid"]])]
EvidenceId = Annotated[
    Ref,
    Path(
        pattern=r"^evidence:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        examples=[_ATTACHED["evidence"]],
    ),
]
ANY_FILE: dict[str, Any] = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
Answers = dict[int | str, dict[str, Any]]
GONE: Answers = {410: {"description": "removed; erased: the case's key is destroyed"}}
FILE: Answers = {200: {"description": "The file", "content": ANY_FILE}, **GONE}
TAKING: Answers = {
    408: {"description": "too_slow: the file did not come in time"},
    409: {"description": "evidence_full; task_not_known (try again: the news has not come yet)"},
    410: {"description": "What the evidence would belong to was erased; or it was removed"},
    413: {"description": "The file is too large"},
    415: {"description": "unsupported_type, or type_mismatch: the content is another type"},
    422: {"description": "unreadable, too_many_pixels, too_many_frames, too_many_pages, encrypted,"
          " active_content; a field is not valid; or the key came with another file"},
}  # fmt: skip
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself under its own Content-Type, no form: a photo (JPEG, PNG,"
        " WebP, HEIC), sound, film or PDF; its name is not wanted",
        "content": ANY_FILE,
    }
}


class Listed(BaseModel):
    """``withheld`` is how many of the reporters' are not shown: a voice or a letter tells who
    they are."""

    attachments: list[Attachment]
    withheld: Annotated[int, Field(ge=0)]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"attachments": [_ATTACHED], "withheld": 1}]}
    )


class Attached(BaseModel):
    """Name ``evidence`` in the command ``complete``. ``format`` and ``size`` are those of the
    cleaned file, which is what is kept."""

    evidence: Ref
    phase: Phase
    format: str
    size: int
    attached_at: Instant
    url: str

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "evidence": _ATTACHED["evidence"],
                    "phase": "after",
                    "format": "image/jpeg",
                    "size": 481213,
                    "attached_at": "2026-01-05T10:40:00+08:00",
                    "url": _ATTACHED["url"],
                }
            ]
        }
    )


class WithFile(InTime):
    """A file has to come and to be cleaned first."""

    def seconds(self, settings: Any) -> float:
        return float(settings.evidence_seconds)


def _of_tasks(route_class: type[InTime]) -> APIRouter:
    return APIRouter(
        prefix="/departments/{department}/tasks/{taskid}/evidence",
        tags=["evidence"],
        responses={404: {"description": "Not a task of yours now, or no such evidence of it"}},
        route_class=route_class,
    )


_shown, _sent = _of_tasks(InTime), _of_tasks(WithFile)


@_shown.get("")
async def evidence_of_task(department: Department, taskid: TaskId, door: OwnDoor) -> Listed:
    """What there is now: reporters go on adding photos after the task was given."""
    found = await door.evidence.listed(department, taskid)
    return Listed(attachments=found.attachments, withheld=found.withheld)


@_shown.get("/{evidence}", responses=FILE, response_class=StreamingResponse)
async def evidence_file(
    department: Department, taskid: TaskId, evidence: EvidenceId, door: OwnDoor
) -> Passing:
    """The file. The right is looked at with each request, and again while the file is sent: where
    it ends, the connection is broken off and less comes than Content-Length says."""
    file = await door.evidence.opened(department, taskid, evidence)
    first = await anext(file.chunks, b"")
    return Passing(first, file.chunks, file.headers)


@_sent.post("", status_code=201, responses=TAKING, openapi_extra=BODY)
async def attach(
    request: Request,
    department: Department,
    taskid: TaskId,
    door: OwnDoor,
    phase: Annotated[
        Literal[Phase.BEFORE, Phase.AFTER], Query(description="Before or after the work")
    ],
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="Sent again it gets the same answer. Without one, the same file for the"
            " same task and phase is the same evidence.",
        ),
    ] = None,
) -> Attached:
    """Attach one file to a task of one's own, before or after the work. It is cleaned: what it
    says beside its picture, its sound or its pages is not kept."""
    said = {name: request.headers.get(name) for name in ("content-type", "content-length")}
    key = derived(department, idempotency_key) if idempotency_key else None
    headers = {k: v for k, v in {**said, "idempotency-key": key}.items() if v is not None}
    sent = Sent(department, taskid, phase, headers, request.stream())
    kept = await door.evidence.attach(sent)
    url = address(department, taskid, kept.evidence)
    return Attached(**kept.model_dump(), url=url)


router = joined([_shown, _sent])
