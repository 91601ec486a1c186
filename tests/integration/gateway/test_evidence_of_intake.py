"""Gateway and intake together: a reporter's photo comes to the department, the department's photo
of the work to intake; and nothing of the reporter comes with it."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from case_bus.port import Delivery
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.topology import INBOX
from case_contracts.events.intake import CaseOpened
from case_contracts.inbox import TaskItem
from department_sdk.evidence import EvidenceDoor, EvidenceRefused
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from tests.integration.gateway.conftest import Replica
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.test_http import token
from tests.integration.gateway.vhosts import Departments
from tests.integration.intake.conftest import NO_RATES, load
from tests.support import evidence_files as files
from tests.support.keys import vault_key
from tests.support.served import served_here
from tests.support.small_district import MANHOLE
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running

WORDS, PHONE, EMAIL = "井盖没了", "+8613800138000", "canary@example.org"
POINT = {"lon": 113.602, "lat": 34.702}


@pytest.fixture
async def intake(
    replica: Replica, mongo_url: str, database: str, issuer: TestIssuer
) -> AsyncIterator[Twin]:
    """The real one, on the gateway's bus."""
    settings = IntakeSettings.model_validate(
        {
            "district": DISTRICT,
            "amqp_url": "amqp://unused",
            "mongo_url": mongo_url,
            "database": f"{database}_intake",
            "jwks_url": issuer.jwks_url,
            "issuer": issuer.name,
            "vault_keys": vault_key("k1"),
            **NO_RATES,
        }
    )
    app = lambda edges: build(settings, edges)  # noqa: E731
    async with running("intake", app, SUBSCRIPTIONS, replica.broker) as twin:
        yield twin


@pytest.fixture
async def gateway(intake: Twin, replica: Replica) -> AsyncIterator[Twin]:
    async with served_here(intake.app) as url:
        settings = replica.settings.model_copy(update={"peers": {"intake": url}})
        async with Replica(settings, replica.broker)() as twin:
            yield twin


@dataclass
class Reported:
    """What the reporter has in hand; ``secrets`` must come to no department."""

    report: str
    case: str
    receipt: str
    photo: str
    voice: str

    @property
    def secrets(self) -> list[str]:
        """Also what cameras and telephones write into their files."""
        place = [f"{number}" for number in files.PLACE]
        said = [PHONE, EMAIL, self.receipt, self.report, self.voice, files.CANARY]
        return [*said, *place, self.report.removeprefix("report:")]


@pytest.fixture
async def reported(intake: Twin) -> Reported:
    await load(intake)
    contact = {"phone": PHONE, "email": EMAIL}
    said = {"matter": MANHOLE, "point": POINT, "text": WORDS, "contact": contact}
    answer = await intake.http.post("/reports", json=said)
    assert answer.status_code == 202, answer.text
    given = answer.json()
    await eventually(lambda: intake.published(CaseOpened))
    sent = [
        await _sent(intake, given["receipt"], data, kind)
        for data, kind in (
            (files.jpeg(files.scene(1, (2600, 1950))), "image/jpeg"),
            (files.recording("mp3", "libmp3lame"), "audio/mpeg"),
        )
    ]
    return Reported(given["report"], given["case"], given["receipt"], *sent)


async def _sent(intake: Twin, receipt: str, data: bytes, kind: str) -> str:
    headers = {"Receipt": receipt, "Content-Type": kind}
    answer = await intake.http.post("/evidence", content=data, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["evidence"])


@dataclass
class Department:
    """Department um: all bytes that it ever gets, by both ways, and its door to evidence."""

    door: EvidenceDoor
    url: str
    headers: dict[str, str]
    seen: bytearray = field(default_factory=bytearray)
    items: list[dict[str, Any]] = field(default_factory=list)

    async def on_delivery(self, delivery: Delivery) -> None:
        self.seen += delivery.body
        self.items.append(json.loads(delivery.body))
        await delivery.ack()

    @property
    def task(self) -> TaskItem:
        return TaskItem.model_validate(self.items[0])

    async def ask(self, path: str) -> httpx.Response:
        """Over HTTP; the head of the answer is seen too."""
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as http:
            answer = await http.get(path, headers=self.headers)
        self.seen += repr(answer.headers.raw).encode() + answer.content
        return answer


@pytest.fixture
async def department(
    gateway: Twin,
    dispatch: FakeDispatch,
    departments: Departments,
    issuer: TestIssuer,
    reported: Reported,
    tmp_path: Path,
) -> AsyncIterator[Department]:
    """It has got the task, and so has intake heard of it."""
    headers, secret = token(issuer, "um"), tmp_path / "token"
    secret.write_text(headers["Authorization"].removeprefix("Bearer "))
    consumer = RabbitConsumer(departments.as_department("um"), name="test")
    async with served_here(gateway.app) as url:
        found = Department(EvidenceDoor(url, secret), url, headers)
        await consumer.start(INBOX, found.on_delivery, 64)
        await dispatch.charter("um")
        await dispatch.assign("um", case=reported.case)
        await eventually(lambda: found.items)
        yield found
        await consumer.close()


async def test_a_reporters_photo_comes_to_the_department_and_its_own_photo_to_intake(
    intake: Twin, department: Department, reported: Reported, issuer: TestIssuer, tmp_path: Path
) -> None:
    task = department.task
    assert [(a.evidence, a.phase, a.format) for a in task.attachments] == [
        (reported.photo, "report", "image/jpeg")
    ]
    assert task.withheld == 1
    shown = Image.open(io.BytesIO(await department.door.fetch(task.attachments[0])))
    assert shown.size == (2048, 1536), "the public copy"

    work = tmp_path / "after.jpg"
    work.write_bytes(files.jpeg(files.scene(2)))
    evidence = await department.door.attach(task, work, "after")
    assert await department.door.attach(task, work, "after") == evidence
    reader = issuer.bearer("p-000077", "evidence.read", "intake")
    page = await intake.http.get("/evidence", params={"case": reported.case}, headers=reader)
    [row] = [each for each in page.json()["items"] if each["evidence"] == evidence]
    assert (row["by"], row["taskid"], row["phase"]) == ("um", task.taskid, "after")
    mine = await intake.http.get(f"/track/{reported.receipt}/evidence")
    assert evidence in [each["evidence"] for each in mine.json()]
    audit = intake.runtime.database["vault_audit"].find({"what": "media"})
    assert [(a["who"], a["subject"], a["purpose"]) async for a in audit] == [
        ("service:gateway", reported.photo, "handle-task")
    ]


async def test_nothing_of_the_reporter_is_in_any_byte_that_the_department_gets(
    intake: Twin, gateway: Twin, department: Department, reported: Reported, issuer: TestIssuer
) -> None:
    task = department.task
    base = f"/departments/um/tasks/{task.taskid}/evidence"
    await department.ask("/departments/um/inbox")
    assert (await department.ask(base)).json()["withheld"] == 1
    for evidence, status in ((reported.photo, 200), (reported.voice, 404)):
        assert (await department.ask(f"{base}/{evidence}")).status_code == status
    await _removed(intake, issuer, reported.photo)
    assert (await department.ask(f"{base}/{reported.photo}")).status_code == 410
    assert department.task.text == WORDS
    assert [each for each in reported.secrets if each.encode() in department.seen] == []


async def test_what_was_erased_or_removed_is_gone_for_the_department_too(
    intake: Twin, department: Department, reported: Reported, issuer: TestIssuer
) -> None:
    [photo] = department.task.attachments
    keeper = issuer.bearer("service:keeper", "vault.erase", "intake", "service")
    erased = await intake.http.delete(
        f"/vault/cases/{reported.case}/key?purpose=erasure-request", headers=keeper
    )
    assert erased.status_code == 204
    with pytest.raises(EvidenceRefused) as refused:
        await department.door.fetch(photo)
    assert (refused.value.status, refused.value.code) == (410, "erased")


async def test_what_intake_does_not_take_is_said_in_its_own_words(
    department: Department,
) -> None:
    with pytest.raises(EvidenceRefused) as refused:
        await department.door.attach(department.task, b"GIF89a", "after", media_type="image/gif")
    assert (refused.value.status, refused.value.code) == (415, "unsupported_type")
    with pytest.raises(EvidenceRefused) as refused:
        await department.door.attach(
            department.task, files.pdf()[:200], "after", media_type="application/pdf"
        )
    assert (refused.value.status, refused.value.retry) == (422, False)


async def _removed(intake: Twin, issuer: TestIssuer, evidence: str) -> None:
    remover = issuer.bearer("p-000077", "evidence.remove", "intake")
    answer = await intake.http.post(
        f"/evidence/{evidence}/removal", json={"reason": "shows_a_bystander"}, headers=remover
    )
    assert answer.status_code == 204
