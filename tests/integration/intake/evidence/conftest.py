"""A report with its receipt, a task on its case, and who asks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from case_contracts.events.dispatch import TaskAssigned
from case_contracts.events.intake import EvidenceAttached
from intake.adapters.evidence.media import Media
from service_kit import clock
from tests.support import evidence_files as files
from tests.support.small_district import MANHOLE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

POINT = {"lon": 113.602, "lat": 34.702}
TASK = "task:1"
JPEG = "image/jpeg"


@dataclass(frozen=True)
class Reported:
    """What a reporter has in hand."""

    twin: Twin
    report: str
    case: str
    receipt: str

    async def send(
        self, data: bytes, declared: str = JPEG, key: str | None = None, **more: str
    ) -> httpx.Response:
        """A file, with the receipt."""
        headers = {"Receipt": self.receipt, "Content-Type": declared, **more}
        if key is not None:
            headers["Idempotency-Key"] = key
        return await self.twin.http.post("/evidence", content=data, headers=headers)

    async def link(self, evidence: str, **body: Any) -> httpx.Response:
        asked = {"receipt": self.receipt, **body}
        return await self.twin.http.post(f"/evidence/{evidence}/link", json=asked)

    async def listed(self) -> list[dict[str, Any]]:
        answer = await self.twin.http.get(f"/track/{self.receipt}/evidence")
        assert answer.status_code == 200
        found: list[dict[str, Any]] = answer.json()
        return found


async def report(twin: Twin, **more: Any) -> Reported:
    """A new report, its case opened."""
    said = {"matter": MANHOLE, "point": POINT, **more}
    answer = await twin.http.post("/reports", json=said)
    assert answer.status_code == 202, answer.text
    found = answer.json()
    return Reported(twin, found["report"], found["case"], found["receipt"])


async def assign(twin: Twin, case: str, taskid: str = TASK) -> None:
    """Dispatch gives somebody a task on the case, and intake has heard of it."""
    now = clock.now()
    event = TaskAssigned.model_validate(
        {**TaskAssigned.EXAMPLE, "case": case, "taskid": taskid, "assigned_at": now,
         "accept_by": now + timedelta(hours=1), "due_at": now + timedelta(days=1)}
    )  # fmt: skip
    await twin.say(event, case)
    rows = twin.runtime.database["fact_progress"]
    await eventually(lambda: rows.find_one({"case": case, "taskid": taskid}))


async def of_task(
    twin: Twin, headers: dict[str, str], case: str, data: bytes, **more: Any
) -> httpx.Response:
    """A photo of the work, after it unless said otherwise."""
    asked = {"case": case, "taskid": TASK, "phase": "after", **more}
    sent = {**headers, "Content-Type": JPEG}
    return await twin.http.post("/evidence", params=asked, content=data, headers=sent)


def attached(twin: Twin) -> list[EvidenceAttached]:
    return twin.published(EvidenceAttached)


def media_of(twin: Twin) -> Media:
    found: Media = twin.runtime.extras["media"]
    return found


async def stored_names(twin: Twin) -> set[str]:
    """What lies in GridFS."""
    return {row["_id"] async for row in twin.runtime.database["media.files"].find({})}


def photo(seed: int = 1) -> bytes:
    return files.jpeg(files.scene(seed))


@pytest.fixture
async def reported(intake: Twin) -> Reported:
    return await report(intake)


@pytest.fixture
def gateway(issuer: TestIssuer) -> dict[str, str]:
    scopes = "evidence.read evidence.write"
    return issuer.bearer("service:gateway", scopes, "intake", "service")


@pytest.fixture
def reviewer(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000077", "evidence.read evidence.write evidence.remove", "intake")
