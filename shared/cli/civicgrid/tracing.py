"""Everything about one case, asked of each service; a service that fails is said, not hidden."""

import asyncio
from typing import Any

from civicgrid.client import Api, ApiError, As
from civicgrid.local import LocalError

SCOPES = {
    "intake": "reports.read vault.read",
    "dispatch": "cases.read",
    "registry": "registry.read",
    "joint": "operations.read",
    "notification": "notices.read",
    "gateway": "gateway.read",
}

Found = dict[str, Any]


async def trace_case(api: Api, named: str) -> Found:
    """What the services know of a case (``case:...``), or of the case of a receipt.

    Raises LocalError when no service knows it.
    """
    case = named if named.startswith("case:") else await _case_of(api, named)
    filed, state = await asyncio.gather(
        _ask(api, "intake", f"/cases/{case}"), _ask(api, "dispatch", f"/cases/{case}")
    )
    if "error" in filed and "error" in state:
        raise LocalError(
            f"{case}: intake: {filed['error']}; dispatch: {state['error']}",
            "give the id that POST /reports answered, or a receipt code",
        )
    reports = filed.get("reports", [])
    clock, route, operations, items, *notices = await asyncio.gather(
        _ask(api, "dispatch", f"/cases/{case}/clock"),
        _route(api, state),
        _ask(api, "joint", "/operations", case=case),
        _items(api, state),
        *(_ask(api, "notification", f"/notices/{report}") for report in reports),
    )
    return {
        "case": case,
        "intake": filed,
        "dispatch": state,
        "clock": clock,
        "registry": route,
        "joint": operations,
        "gateway": items,
        "notification": dict(zip(reports, notices, strict=True)),
    }


async def _case_of(api: Api, receipt: str) -> str:
    who = As("operator", SCOPES["intake"], "operator")
    found = await api.get("intake", f"/vault/receipts/{receipt}", who)
    if not found["case"]:
        raise LocalError(f"the report {found['report']} opened no case", "see GET /track/{receipt}")
    return str(found["case"])


async def _route(api: Api, state: Found) -> Any:
    """Who the charters say leads and supports on this matter in this grid, and why."""
    if not state.get("grid"):
        return {}
    query = {"matter": state["matter"], "grid": state["grid"]}
    return await _ask(api, "registry", "/charters/explain", **query)


async def _items(api: Api, state: Found) -> Any:
    """What departments' inboxes got about the task."""
    if not state.get("task"):
        return []
    return await _ask(api, "gateway", "/items", about=state["task"]["id"])


async def _ask(api: Api, service: str, path: str, **query: Any) -> Any:
    try:
        return await api.get(service, path, As("operator", SCOPES[service], "operator"), **query)
    except (ApiError, LocalError) as error:
        return {"error": str(error)}
