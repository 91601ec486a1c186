"""An offline batch sent twice, late, shuffled, in overlapping parts and at once, while the service
is killed: each item is one report and one case."""

import asyncio
import random
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from service_kit import clock
from service_kit.mongo import Database
from tests.faults.intake_processes import opened
from tests.faults.replicas import Replicas
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.stored import all_commits
from tests.support.twin import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
ITEMS = 600


async def test_an_offline_batch_twice_late_shuffled_in_parts_while_being_killed(
    processes: Replicas, stored: Database
) -> None:
    chance = random.Random(11)
    now = clock.now()
    items = [_item(now - timedelta(hours=chance.uniform(0, 150)), n) for n in range(ITEMS)]
    parts = [chance.sample(items, 150) for _ in range(12)]
    parts += [items[start : start + 150] for start in range(0, ITEMS, 100)]
    replica = await processes.start()
    urls = [replica.url]
    sending = asyncio.gather(*(_until_answered(processes, urls, part) for part in parts))
    await eventually(lambda: _some(stored), 60)
    await replica.kill()
    urls[0] = (await processes.start()).url

    answers = await sending
    again = await _until_answered(processes, urls, list(reversed(items))[:200])

    assert {each["status"] for each in again} == {"repeated"}
    subjects: dict[str, set[str]] = {}
    for each in (each for answer in answers for each in answer):
        assert each["status"] in ("received", "repeated")
        subjects.setdefault(each["id"], set()).add(each["subject"])
    assert len(subjects) == ITEMS
    assert all(len(found) == 1 for found in subjects.values())
    assert await eventually(lambda: opened(stored), 60) == ITEMS


async def _some(stored: Database) -> bool:
    return len(await all_commits(stored)) > 20


def _item(made_at: Any, number: int) -> dict[str, Any]:
    said = {"matter": MANHOLE, "point": IN_WEST, "text": f"n{number}"}
    return {
        "id": str(uuid.UUID(int=number, version=4)), "kind": "report",
        "made_at": made_at.isoformat(), "report": said,
    }  # fmt: skip


async def _until_answered(
    processes: Replicas, urls: list[str], items: list[dict[str, Any]]
) -> list[Any]:
    """As a device does it: the whole batch again until an answer comes, and not before it is told
    to."""
    while True:
        body = {"sent_at": clock.now().isoformat(), "items": items}
        try:
            url = f"{urls[0]}/patrol/batches"
            answer = await processes.http.post(url, json=body, headers=processes.headers)
        except httpx.HTTPError:
            await asyncio.sleep(0.2)
            continue
        if answer.status_code == 200:
            found: list[Any] = answer.json()["items"]
            return found
        assert answer.status_code == 503, answer.text
        await asyncio.sleep(float(answer.headers["Retry-After"]))
