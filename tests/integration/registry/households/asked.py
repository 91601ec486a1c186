"""What the tests of the household register send and ask."""

from datetime import timedelta
from typing import Any

import bson
import orjson

from registry.commands.households import HouseholdRegister
from service_kit import clock
from service_kit.verify import Verified
from tests.integration.registry.test_loading import Headers
from tests.support.twin import Twin
from tests.unit.registry.small import edited

ADDRESS, CONTACT = "金丝雀巷 canary lane 7", "+86 13800138000"
NOTE, PURPOSE = "canary knocks twice 敲两次", "canary purpose 每周探访"
CANARIES = [ADDRESS, CONTACT, NOTE, PURPOSE, "limited-mobility"]
SCOPES = "households.read households.write registry.read registry.write"
FILES = edited("district.yaml", "2026-01-01", "2020-01-01")


def soon(days: float) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


def home(grid: str = "410101", **more: Any) -> dict[str, Any]:
    said = {"grid": grid, "address": ADDRESS, "contact": CONTACT}
    return {**said, "consented_at": soon(-1), "valid_to": soon(300), **more}


def need(**more: Any) -> dict[str, Any]:
    said = {"kind": "limited-mobility", "purpose": PURPOSE, "note": NOTE}
    return {**said, "valid_to": soon(100), **more}


async def send(twin: Twin, path: str, headers: Headers, body: Any = None, status: int = 200,
               key: str | None = None) -> Any:  # fmt: skip
    more = {"Idempotency-Key": key} if key else {}
    answer = await twin.http.post(path, json=body, headers={**headers, **more})
    assert answer.status_code == status, answer.text
    return answer.json()


async def get(twin: Twin, path: str, headers: Headers, status: int = 200) -> Any:
    answer = await twin.http.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def kept(twin: Twin, headers: Headers, **more: Any) -> tuple[str, str]:
    """A household with a need."""
    entry = (await send(twin, "/households", headers, home(**more)))["entry"]
    said = await send(twin, f"/households/{entry}/needs", headers, need())
    return entry, said["need"]


def register_of(twin: Twin) -> HouseholdRegister:
    found: HouseholdRegister = twin.runtime.extras["households"]
    return found


async def dump(twin: Twin) -> dict[str, str]:
    """Every collection but the vault as text: BSON, and JSON too."""
    database = twin.runtime.database
    found = {}
    for name in await database.list_collection_names():
        rows = await database[name].find({}).to_list(None)
        raw = b"".join(bson.encode(row) for row in rows)
        found[name] = orjson.dumps(rows, default=str).decode() + raw.decode("utf-8", "replace")
    return found


def whole(twin: Twin) -> Verified:
    return Verified("registry", twin.runtime.database, twin.runtime.parts.aggregates)


def published(one: Twin, other: Twin, kind: Any) -> list[Any]:
    return one.published(kind) + other.published(kind)
