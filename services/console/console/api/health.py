"""What an operator asks."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from console.adapters.asking import Refusal
from console.house import house_of

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process runs."""
    return {"status": "alive"}


@router.get("/readyz")
async def ready(request: Request) -> JSONResponse:
    """Pages can be shown. ``details`` say which services do not answer: a page then says so
    itself, and what to do."""
    house = house_of(request)
    peers = {"intake": house.intake, "dispatch": house.dispatch}
    details = {}
    for name, peer in peers.items():
        try:
            await peer.ask("GET", "/healthz", timeout=2)
        except Refusal:
            details[name] = f"{name} does not answer"
    return JSONResponse({"ready": True, "checks": {"files": "ok"}, "details": details})


@router.get("/metrics", response_class=Response)
async def metrics() -> Response:
    """Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
