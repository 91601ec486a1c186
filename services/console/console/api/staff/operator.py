"""For operators: how the services stand, what is held, one case through all services, who changed
what."""

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, TypeAdapter

from case_contracts.values import Instant
from console.adapters import services
from console.adapters.asking import Refusal
from console.adapters.pages import Reader
from console.adapters.tracing import trace
from console.house import house_of
from console.staff import Staff, of_area

router = APIRouter(prefix="/staff/operator", tags=["operator"])
Operator = Annotated[Staff, Depends(of_area("operator"))]
PAGE = 100
CASE = re.compile(r"^case:[0-9a-f-]{36}$")
SUCH_CASE, SUCH_THING = "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11", "grid:410199"
"""How an id looks, shown at its field."""
AGGREGATE = re.compile(r"^[a-z-]+:[A-Za-z0-9:._-]{1,120}$")


class Change(BaseModel):
    """A change of the district, as the registry tells it."""

    model_config = ConfigDict(extra="ignore")

    number: int
    kind: str
    about: list[str]
    steps: int
    who: str
    on_behalf_of: str | None
    why: str | None
    decided_at: Instant
    state: str


_CHANGES = TypeAdapter(list[Change])


@router.get("", response_class=Response)
async def standing(request: Request, staff: Operator) -> Response:
    """Every service: ready or not and why, what waits to be published, how much is held."""
    given = await _standing(request)
    return await staff.show(request, "staff/operator.html", "operator", given)


@router.get("/services", response_class=Response)
async def fragment(request: Request, staff: Operator) -> Response:
    """The table alone, as it is now."""
    given = await _standing(request)
    return await staff.show(request, "staff/operator_services.html", "operator", given)


async def _standing(request: Request) -> dict[str, object]:
    house = house_of(request)
    asked = [services.standing(house.staff_line, *each) for each in sorted(house.peers.items())]
    return {"standings": await asyncio.gather(*asked), "tab": "services"}


@router.get("/held", response_class=Response)
async def held(request: Request, staff: Operator, done: str = "", failed: str = "") -> Response:
    """Messages that no service could handle, and why."""
    names = sorted(house_of(request).peers)
    found = await asyncio.gather(*(services.held_of(staff.peer(name), name) for name in names))
    given = {"held": [each for each in found if each.rows or each.failed], "tab": "held",
             "done": done, "failed": failed}  # fmt: skip
    return await staff.show(request, "staff/operator_held.html", "operator", given)


@router.get("/held/{service}/{held}", response_class=Response)
async def held_one(request: Request, staff: Operator, service: str, held: str) -> Response:
    """One held message with its body; to be tried again, or thrown away."""
    row = await services.held_one(staff.peer(_known(request, service)), held)
    given = {"row": row, "service": service, "tab": "held"}
    return await staff.show(request, "staff/operator_held_one.html", "operator", given)


@router.post("/held/{service}/{held}/replay", response_class=Response)
async def replay(request: Request, staff: Operator, service: str, held: str) -> Response:
    """Try it again now."""
    await services.replay(staff.peer(_known(request, service)), held)
    return _back(request, done="replayed")


@router.post("/held/{service}/{held}/drop", response_class=Response)
async def drop(request: Request, staff: Operator, service: str, held: str) -> Response:
    """Throw it away for good; the service's log says who did."""
    await services.drop(staff.peer(_known(request, service)), held)
    return _back(request, done="dropped")


@router.get("/trace", response_class=Response)
async def traced(request: Request, staff: Operator, case: str = "") -> Response:
    """What each service knows of a case, as it says it."""
    wanted = case.strip()
    bad = bool(wanted) and not CASE.match(wanted)
    said = await trace(staff.peer, wanted) if wanted and not bad else []
    given = {"case": wanted, "bad": bad, "said": said, "tab": "trace", "such": SUCH_CASE}
    return await staff.show(request, "staff/operator_trace.html", "operator", given)


@router.get("/changes", response_class=Response)
async def changes(
    request: Request,
    staff: Operator,
    before: Annotated[int | None, Query(ge=2, le=10**9)] = None,
    about: str = "",
) -> Response:
    """Who changed what in the district, the newest first; or all that was said of one thing."""
    registry = staff.peer("registry")
    if AGGREGATE.match(about):
        answer = await registry.ask("GET", f"/audit/{about}")
        given: dict[str, object] = {"commits": answer.json(), "about": about, "tab": "changes"}
        return await staff.show(request, "staff/operator_audit.html", "operator", given)
    older: dict[str, object] = (
        {"after": max(0, before - 1 - PAGE), "limit": min(PAGE, before - 1)} if before else {}
    )
    query: dict[str, object] = older or {"newest": "true", "limit": PAGE}
    answer = await registry.ask("GET", "/changes", params=query)
    rows = _CHANGES.validate_json(answer.content)[::-1]
    more = rows[-1].number if rows and rows[-1].number > 1 else None
    given = {"changes": rows, "next": more, "tab": "changes", "such": SUCH_THING}
    return await staff.show(request, "staff/operator_changes.html", "operator", given)


def _known(request: Request, service: str) -> str:
    """Raises Refusal for a service that there is none of."""
    if service not in house_of(request).peers:
        raise Refusal(404, "not_found")
    return service


def _back(request: Request, *, done: str) -> Response:
    return RedirectResponse(Reader.of(request).link("/staff/operator/held", done=done), 303)
