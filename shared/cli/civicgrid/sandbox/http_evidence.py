"""The gateway's three routes for evidence, as the sandbox answers them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response

from case_contracts.events.intake import Phase
from civicgrid.sandbox.desk import SandboxDesk
from civicgrid.sandbox.evidence import NONE
from service_kit.errors import NotFound

Sent = Literal[Phase.BEFORE, Phase.AFTER]


def evidence_routes(desk: SandboxDesk) -> APIRouter:
    prefix = "/departments/{department}/tasks/{taskid}/evidence"
    router = APIRouter(prefix=prefix, tags=["evidence"])

    @router.get("")
    async def listed(department: str, taskid: str) -> dict[str, Any]:
        _own(desk, department)
        files = desk.shelf.of(desk.tasks.get(taskid))
        shown = [file.attachment.model_dump(mode="json") for file in files]
        return {"attachments": shown, "withheld": 0}

    @router.get("/{evidence}")
    async def opened(department: str, taskid: str, evidence: str) -> Response:
        _own(desk, department)
        file = desk.shelf.one(desk.tasks.get(taskid), evidence)
        return Response(file.content, media_type=file.attachment.format)

    @router.post("", status_code=201)
    async def attach(
        request: Request,
        department: str,
        taskid: str,
        phase: Annotated[Sent, Query()],
        content_type: Annotated[str, Header()] = "",
        idempotency_key: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        _own(desk, department)
        task, content = desk.tasks.get(taskid), await request.body()
        file = desk.shelf.attach(task, phase, content_type, content, idempotency_key)
        said = file.attachment.model_dump(mode="json", exclude={"taken_at"})
        return {**said, "size": len(content), "attached_at": file.attachment.taken_at}

    return router


def _own(desk: SandboxDesk, department: str) -> None:
    if department != desk.department:
        raise NotFound(NONE)
