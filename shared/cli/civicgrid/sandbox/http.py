"""The sandbox over HTTP: the gateway's two routes for the department, and the control's."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Query
from pydantic import BaseModel, Field

from case_contracts.commands import Command
from case_contracts.inbox import INBOX_ITEM
from case_contracts.values import Code, MatterCode
from civicgrid.local import LocalError
from civicgrid.sandbox.desk import SandboxDesk
from civicgrid.sandbox.http_evidence import evidence_routes
from civicgrid.sandbox.mailbox import Mailbox
from civicgrid.sandbox.rows import Row, row_of
from service_kit import clock
from service_kit.errors import NotFound, Refused, Unauthenticated
from service_kit.http import problems

PAGE, LONGEST_WAIT = 100, 20.0


class NewTask(BaseModel):
    """A task to give; ``limit_hours`` from now on, none where it is null."""

    matter: MatterCode
    text: Annotated[str | None, Field(max_length=2000)] = None
    evidence: tuple[Code, ...] = ("photo-after",)
    limit_hours: Annotated[float | None, Field(gt=0, le=10_000)] = 8
    urgent: bool = False


class Span(BaseModel):
    """How much time is to pass at once."""

    seconds: Annotated[float, Field(gt=0, le=400 * 86400)]


def create_app(desk: SandboxDesk, mailbox: Mailbox, token: str) -> FastAPI:
    app = FastAPI(title="civicgrid sandbox", version="1.0.0")
    problems.install(app)

    @app.exception_handler(LocalError)
    async def refused(_: Any, error: LocalError) -> Any:
        return problems.refusal(Refused(f"{error.what}; {error.remedy}"))

    own = [Depends(_bearer(token))]
    app.include_router(_department(desk, mailbox), dependencies=own)
    app.include_router(evidence_routes(desk), dependencies=own)
    app.include_router(_control(desk), dependencies=own)
    return app


def _bearer(token: str) -> Callable[..., None]:
    def check(authorization: Annotated[str, Header()] = "") -> None:
        given = authorization.removeprefix("Bearer ")
        if not secrets.compare_digest(given.encode(), token.encode()):
            raise Unauthenticated("this needs the sandbox's token (CIVICGRID_TOKEN_FILE)")

    return check


def _department(desk: SandboxDesk, mailbox: Mailbox) -> APIRouter:
    """As the gateway answers; see its /openapi.json."""
    router = APIRouter(prefix="/departments/{department}", tags=["departments"])

    @router.get("/inbox")
    async def inbox(
        department: str,
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
        wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
    ) -> dict[str, Any]:
        _own(desk, department)
        bodies = await mailbox.after(after, limit, wait)
        items = [INBOX_ITEM.validate_json(body).model_dump(mode="json") for body in bodies]
        return {"items": items, "next": after + len(items)}

    @router.post("/commands", status_code=202)
    async def send(
        department: str, command: Annotated[Command, Body(discriminator="name")]
    ) -> dict[str, str]:
        _own(desk, department)
        return {"id": command.id, "outcome": await desk.take(command.model_dump_json().encode())}

    return router


def _own(desk: SandboxDesk, department: str) -> None:
    if department != desk.department:
        raise NotFound(f"no department {department} of yours")


def _control(desk: SandboxDesk) -> APIRouter:
    router = APIRouter(prefix="/sandbox", tags=["sandbox"])

    @router.get("/tasks")
    async def tasks() -> list[Row]:
        """What became of each."""
        return [row_of(task) for task in desk.tasks.values()]

    @router.post("/tasks", status_code=201)
    async def give(new: NewTask) -> Row:
        """Give a task."""
        given = new.model_dump(include={"text", "evidence", "urgent"})
        hours = new.limit_hours
        due = None if hours is None else clock.now() + timedelta(hours=hours)
        return row_of(await desk.new(new.matter, due_at=due, **given))

    @router.post("/tasks/{taskid}/withdraw")
    async def withdraw(taskid: str, reason: Annotated[Code, Query()] = "charter_revoked") -> Row:
        """Take it away from the department."""
        return row_of(await desk.take_away(taskid, reason))

    @router.post("/tasks/{taskid}/again")
    async def again(taskid: str) -> Row:
        """Give it anew, under the next assignment number."""
        return row_of(await desk.again(taskid))

    @router.post("/tasks/{taskid}/decide")
    async def decide(taskid: str, granted: Annotated[bool, Query()]) -> Row:
        """Answer its request for more time."""
        return row_of(await desk.settle(taskid, granted=granted))

    @router.post("/clock")
    async def move(span: Span) -> list[dict[str, Any]]:
        """Let time pass; what happened."""
        happened = await desk.move(timedelta(seconds=span.seconds))
        return [
            {"taskid": each.taskid, "what": each.what, **each.said.model_dump()}
            for each in happened
        ]

    return router
