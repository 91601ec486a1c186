"""Registry and dispatch on one bus: a ruling becomes a charter, and the question does not come
again."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from case_bus.memory import MemoryBroker
from case_bus.topology import base
from case_contracts.commands import COMMAND
from case_contracts.events import dispatch as events
from case_contracts.events.intake import CaseOpened
from dispatch.main import build as build_dispatch
from dispatch.settings import DispatchSettings
from dispatch.subscriptions import SUBSCRIPTIONS as DISPATCH
from registry.main import build as build_registry
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS as REGISTRY
from service_kit import clock
from tests.integration.dispatch.test_reporters_wishes import happened
from tests.integration.registry.test_loading import load
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running
from tests.unit.registry.small import edited

POTHOLE, UNIT = "part/roads/pothole", "410101"
SUPPORT: dict[str, Any] = {
    "charter": "charter:water:potholes", "department": "water", "matters": [POTHOLE],
    "grid": "41", "role": "support", "powers": ["repair"], "legal_basis": "list 2026, no. 9",
}  # fmt: skip


@dataclass
class Town:
    """Both services, and what people ask of them."""

    registry: Twin
    dispatch: Twin
    issuer: TestIssuer

    async def post(
        self, service: str, path: str, person: str, scopes: str, body: Any = None
    ) -> Any:
        twin = {"registry": self.registry, "dispatch": self.dispatch}[service]
        headers = self.issuer.bearer(person, scopes, service)
        answer = await twin.http.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def granted(self, charter: str) -> None:
        """Two people approve it, and dispatch hears of it."""
        for person in ("p-1", "p-2"):
            path = f"/charters/{charter}/versions/1/approval"
            await self.post("registry", path, person, "registry.approve")

        async def known() -> bool:
            world = await self.dispatch.runtime.load_world()
            return world.charters.at(charter, clock.now()) is not None

        await eventually(known)

    async def opened(self, case: str) -> Any:
        said = CaseOpened.EXAMPLE | {
            "case": case, "matter": POTHOLE, "condition": "deep", "grid": UNIT,
            "grid_path": ["41", "4101"], "standard": {"id": "lanhe", "version": 1},
            "reported_at": clock.now(), "opened_at": clock.now(),
        }  # fmt: skip
        await self.dispatch.say(CaseOpened.model_validate(said), case)
        return await happened(self.dispatch, events.TaskAssigned, case)


@pytest.fixture
async def town(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Town]:
    common: dict[str, Any] = {
        "district": DISTRICT,
        "amqp_url": SecretStr("amqp://unused"),
        "mongo_url": SecretStr(mongo_url),
        "jwks_url": issuer.jwks_url,
        "issuer": issuer.name,
        "vault_keys": SecretStr(vault_key("k1")),
    }
    ours = DispatchSettings(database=database, **common)
    theirs = RegistrySettings(database=f"{database}-registry", **common)
    broker = MemoryBroker(base())
    async with AsyncExitStack() as stack:
        dispatch = await stack.enter_async_context(
            running("dispatch", lambda e: build_dispatch(ours, e), DISPATCH, broker)
        )
        registry = await stack.enter_async_context(
            running("registry", lambda e: build_registry(theirs, e), REGISTRY, broker)
        )
        yield Town(registry, dispatch, issuer)


async def test_a_ruling_becomes_a_charter_and_the_next_case_goes_there_at_once(town: Town) -> None:
    writer = town.issuer.bearer("operator-1", "registry.read registry.write", "registry")
    files = edited("district.yaml", "2026-01-01", "2020-01-01")
    assert (await load(town.registry, writer, files)).is_success
    await town.post("registry", "/charters", "operator-1", "registry.write", SUPPORT)
    await town.granted(SUPPORT["charter"])

    first = await town.opened("case:1")
    assert first.handler.id == "roads"
    said = {"id": "r-1", "name": "return", "reason": "not_ours", "proposed": "water",
            "case": "case:1", "taskid": first.taskid, "assignment": 1}  # fmt: skip
    await town.dispatch.command("dispatch", "roads", COMMAND.validate_python(said))
    leader = (await happened(town.dispatch, events.TaskAssigned, "case:1", 2)).handler.person
    back = {"reason": "not_ours"}
    await town.post("dispatch", "/cases/case:1/return", leader, "cases.verify", back)
    body = {"lead": {"department": "water"}, "reason": "its_work", "propose": True}
    await town.post("dispatch", "/cases/case:1/ruling", "p-99", "cases.arbitrate", body)
    ruled = await happened(town.dispatch, events.TaskAssigned, "case:1", 3)
    assert (ruled.handler.id, ruled.charter.id) == ("water", SUPPORT["charter"])

    async def proposed() -> Any:
        answer = await town.registry.http.get("/charters/from-rulings", headers=writer)
        return answer.json()

    [row] = await eventually(proposed)
    assert (row["state"], row["proposed_by"], row["ruling"]) == ("proposed", "p-99", ruled.ruling)
    why = {"reason": "as it was ruled", "approved_by": ["p-1", "p-2"]}
    await town.post("registry", "/charters/roads/revocation", "operator-1", "registry.write", why)
    await town.granted(row["charter"])
    assert (await town.opened("case:2")).handler.id == "water"
