"""What every service offers to operators and peers: health, commits, held messages."""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from case_contracts.envelope import source_of
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.store.codec import envelope_dict
from service_kit.store.model import Commit

health = APIRouter(tags=["health"])
peers = APIRouter(tags=["peers"], dependencies=[Depends(needs("commits.read", "operate"))])
held = APIRouter(prefix="/held", tags=["held"], dependencies=[Depends(needs("operate"))])
Operator = Annotated[Principal, Depends(needs("operate"))]
log = structlog.get_logger()
MAX_BATCHES = 500
Batch = Annotated[int, Query(ge=1, le=2**53)]
"""The store counts no further than 2**63, and JSON's readers not exactly beyond 2**53."""


@health.get("/healthz")
async def alive() -> dict[str, str]:
    """The process runs."""
    return {"status": "alive"}


@health.get("/readyz", responses={503: {"description": "Not ready, and why"}})
async def ready(request: Request) -> JSONResponse:
    """Whether consumers, outbox and store are in order; 503 with what is not. ``details`` are
    what is not in order beside, such as one department's line."""
    runtime = request.app.state.runtime
    checks: dict[str, str] = await runtime.readiness()
    wrong = {name: state for name, state in checks.items() if state != "ok"}
    body = {"ready": not wrong, "checks": checks, "details": runtime.details()}
    return JSONResponse(body, 503 if wrong else 200)


@health.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@peers.get("/commits/writers")
async def writers(request: Request) -> list[dict[str, Any]]:
    """Each writer with the batch up to which all is published, and what take-overs noted."""
    collection = request.app.state.runtime.database["writers"]
    return [
        {"writer": d["_id"], "sent": d["sent"], "phase": d["phase"], "noted": d["noted"]}
        async for d in collection.find({})
    ]


@peers.get("/commits")
async def commits(
    request: Request,
    writer: str,
    first: Batch,
    last: Batch,
    types: Annotated[str, Query(description="event types, separated by commas")] = "",
    full: bool = False,
) -> list[dict[str, Any]]:
    """The events of a writer's batches ``first`` to ``last``: ids, or whole envelopes."""
    runtime = request.app.state.runtime
    bounded = min(last, first + MAX_BATCHES - 1)
    found: list[Commit] = await runtime.committer.commits.of_writer(writer, first, bounded)
    wanted = frozenset(types.split(",")) if types else None
    source = source_of(runtime.settings.district, runtime.name)
    return [
        envelope_dict(event, commit, runtime.settings.district, source)
        if full
        else {
            "id": event.id,
            "type": event.type,
            "batch": commit.batch,
            "commit": commit.id,
            "recordedat": commit.at.isoformat(),
        }
        for commit in found
        for event in commit.events
        if wanted is None or event.type in wanted
    ]


@held.get("")
async def held_list(request: Request) -> list[dict[str, Any]]:
    """What is held, without the messages' bodies."""
    rows: list[dict[str, Any]] = await request.app.state.runtime.held.summary()
    return rows


@held.get("/{held_id}")
async def held_show(request: Request, held_id: str) -> dict[str, Any]:
    """One held message with its body."""
    found = await request.app.state.runtime.held.show(held_id)
    if found is None:
        raise NotFound(f"nothing is held under {held_id}")
    return {**found, "body": found["body"].decode("utf-8", "replace")}


@held.post("/{held_id}/replay", status_code=202)
async def held_replay(request: Request, held_id: str, caller: Operator) -> dict[str, str]:
    """Try it again now."""
    if not await request.app.state.runtime.held.replay(held_id):
        raise NotFound(f"nothing is held under {held_id}")
    log.warning("held_replayed", held=held_id, by=caller.id)
    return {"status": "retry"}


@held.delete("/{held_id}", status_code=204)
async def held_drop(request: Request, held_id: str, caller: Operator) -> None:
    """Throw it away."""
    if not await request.app.state.runtime.held.drop(held_id):
        raise NotFound(f"nothing is held under {held_id}")
    log.warning("held_dropped", held=held_id, by=caller.id)
