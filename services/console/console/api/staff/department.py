"""For a department without software of its own: its tasks and operations."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from case_contracts.refusals import OF_COMMANDS
from console.adapters.asking import Refusal
from console.adapters.gateway import Gateway
from console.api.tracking import PICTURES, Evidence
from console.domain import departmental
from console.domain.departmental import Tab
from console.domain.ledger import Called, Held, Ledger
from console.house import house_of
from console.staff import Staff, of_area
from service_kit import clock

router = APIRouter(prefix="/staff/department", tags=["department"])
Member = Annotated[Staff, Depends(of_area("department"))]
CHOICES = {
    "returns": departmental.RETURNS,
    "helps": departmental.HELPS,
    "reliefs": departmental.RELIEFS,
    "declines": departmental.DECLINES,
    "steps": departmental.STEPS,
}


def gateway_of(staff: Staff) -> Gateway:
    """Raises Refusal for somebody whom the issuer names no department for."""
    if staff.person.department is None:
        raise Refusal(403, "not_yours")
    return Gateway(staff.peer("gateway"), staff.person.department)


async def ledger_of(request: Request, staff: Staff) -> Ledger:
    return await house_of(request).ledgers.fresh(gateway_of(staff))


def task_in(ledger: Ledger, taskid: str) -> Held:
    """Raises Refusal for a task that did not come to this department."""
    if taskid not in ledger.tasks:
        raise Refusal(404, "not_found")
    return ledger.tasks[taskid]


def operation_in(ledger: Ledger, operation: str) -> Called:
    if operation not in ledger.operations:
        raise Refusal(404, "not_found")
    return ledger.operations[operation]


@router.get("", response_class=Response)
async def inbox(request: Request, staff: Member, tab: Tab = "waiting") -> Response:
    """Tasks to accept, in hand, and over; operations; how many of each."""
    given = await _lists(request, staff, tab)
    return await staff.show(request, "staff/department.html", "department", given)


@router.get("/list", response_class=Response)
async def fragment(request: Request, staff: Member, tab: Tab = "waiting") -> Response:
    """The list alone, as it is now."""
    given = await _lists(request, staff, tab)
    return await staff.show(request, "staff/department_list.html", "department", given)


async def _lists(request: Request, staff: Staff, tab: Tab) -> dict[str, object]:
    ledger, now = await ledger_of(request, staff), clock.now()
    return {
        "tab": tab, "tabs": departmental.TABS, "counts": departmental.counts(ledger),
        "rows": departmental.listed(ledger, tab, now) if tab != "operations" else [],
        "operations": departmental.called(ledger) if tab == "operations" else [],
        "limit": lambda at: departmental.limit(at, now),
    }  # fmt: skip


def _said(done: str, failed: str) -> dict[str, object]:
    """What became of the last form, and what the next ones need."""
    refusal = OF_COMMANDS.get(failed)
    key = uuid.uuid4().hex[:12]
    return {"key": key, "done": done, "failed": failed, "refusal": refusal, **CHOICES}


@router.get("/tasks/{taskid}", response_class=Response)
async def task(
    request: Request, staff: Member, taskid: str, done: str = "", failed: str = ""
) -> Response:
    """One task: what was reported, until when, what there is to see, and what can be said to it."""
    ledger, now = await ledger_of(request, staff), clock.now()
    held = task_in(ledger, taskid)
    attachments, withheld = held.item.attachments, held.item.withheld
    if held.is_open:
        listed, withheld = await gateway_of(staff).attachments(taskid)
        attachments = tuple(listed)
    names = await house_of(request).directory.names()
    given = {
        "held": held, "row": departmental.rows([held], now)[0], "attachments": attachments,
        "withheld": withheld, "due": departmental.limit(departmental.due_at(held), now),
        "slips": departmental.open_slips(held, ledger.answered_slips),
        "others": sorted(d for d in names.departments if d != staff.person.department),
        **_said(done, failed),
        "photos": [each for each in attachments if each.format in PICTURES],
    }  # fmt: skip
    return await staff.show(request, "staff/department_task.html", "department", given)


@router.get("/tasks/{taskid}/photos/{evidence}", response_class=Response)
async def photo(request: Request, staff: Member, taskid: str, evidence: Evidence) -> Response:
    """A photo of the task, while it is this department's."""
    task_in(await ledger_of(request, staff), taskid)
    found = await gateway_of(staff).file(taskid, evidence)
    if found.kind not in PICTURES:
        raise Refusal(404, "not_found")
    return Response(found.data, 200, {"Cache-Control": "no-store"}, found.kind)


@router.get("/operations/{operation}", response_class=Response)
async def operation(
    request: Request, staff: Member, operation: str, done: str = "", failed: str = ""
) -> Response:
    """One operation: where, who leads, what the others have done, and one's own next step."""
    called = operation_in(await ledger_of(request, staff), operation)
    given = {
        "called": called, "arrive": departmental.limit(called.item.arrive_by, clock.now()),
        **_said(done, failed),
    }  # fmt: skip
    return await staff.show(request, "staff/department_operation.html", "department", given)
