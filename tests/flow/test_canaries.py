"""Canaries sent in by every way are nowhere but in the vault: not in events, queues, logs, traces,
views, answers, metrics, other databases or files (a running system, all services)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from civicgrid.client import Api, As
from civicgrid.commands.options import scenario_file
from civicgrid.deployment import Run
from civicgrid.deployment.names import DEPARTMENT, SERVICES
from civicgrid.loading import load_district
from civicgrid.local import Broker
from civicgrid.replay.deeds.stage import LOOKER
from civicgrid.system import System
from tests.flow import district
from tests.flow.canaries import Canaries, Collector, Tap, of_databases, of_files, told
from tests.flow.complaints import Persona, Reader
from tests.support.twin import eventually

pytestmark = [pytest.mark.timeout(300)]
OPENED = 4
WHAT_AND_WHERE = {"text", "address", "addressid", "media", "lon", "lat"}
"""What a department is told of its own task, out of the vault, and nobody else of anything."""

VAULT = As("service:test", "vault.read", "service")


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as found:
        yield found


@pytest.fixture(scope="module")
def run(system: System, collector: Collector) -> Iterator[Run]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICGRID_OTLP_ENDPOINT", collector.endpoint)
        yield system.start(district.wish(scenario_file("departments-at-once.yaml")), lambda _: None)


class Sender:
    """Sends canaries to intake, and keeps every answer."""

    def __init__(self, run: Run, http: httpx.AsyncClient, canaries: Canaries) -> None:
        self._url, self._http, self.canaries = run.url("intake"), http, canaries
        self.answers: dict[str, bytes] = {}

    @property
    def headers(self) -> dict[str, str]:
        words = self.canaries
        return {
            "User-Agent": words["agent"], "Referer": f"https://example.org/{words['referer']}",
            "Cookie": f"session={words['cookie']}", "X-Forwarded-For": words["forwarded"],
            "Idempotency-Key": words["key"],
        }  # fmt: skip

    async def send(
        self, path: str, *expected: int, method: str = "POST", **request: Any
    ) -> httpx.Response:
        headers = {**self.headers, **request.pop("headers", {})}
        answer = await self._http.request(method, self._url + path, headers=headers, **request)
        assert answer.status_code in expected, (path, answer.status_code, answer.text)
        said = answer.content + str(list(answer.headers.items())).encode()
        self.answers[f"answer {len(self.answers)}: {method} {path} {answer.status_code}"] = said
        return answer

    async def reports(self) -> list[dict[str, Any]]:
        """Four that open cases: for a department, for a grid, by Open311, in a file's line."""
        words = self.canaries
        contact = {"email": words.email, "phone": words.phone}
        place = {"lon": words.lon, "lat": words.lat}
        found = []
        for number, matter in enumerate((district.POTHOLE, district.FORM)):
            body = {"matter": matter, "text": words["text"], "contact": contact, "point": place}
            answer = await self.send(
                "/reports", 202, json=body, headers={"Idempotency-Key": f"{words['key']}{number}"}
            )
            found.append(answer.json())
        services = await self.send("/open311/v2/services.json", 200, method="GET")
        form = {
            "service_code": services.json()[0]["service_code"], "lat": words.lat, "long": words.lon,
            "description": words["text"], "email": words.email, "phone": words.phone,
            "first_name": words["name"], "last_name": words["lastname"],
            "address_string": words["address"], "address_id": words["addressid"],
            "device_id": words["device"], "account_id": words["account"],
            "media_url": f"https://example.org/{words['media']}.jpg",
        }  # fmt: skip
        await self.send("/open311/v2/requests.json", 200, 201, data=form)
        return found

    async def invalid(self) -> None:
        """Refusals say which field is wrong, never what was in it."""
        words = self.canaries
        for body in (
            {"matter": words["invalidtext"], "text": words["invalidtext"]},
            {"matter": district.POTHOLE, words["invalidfield"]: 1},
            {"matter": district.POTHOLE, "contact": {"email": words["invalidmail"]}},
            {"matter": district.POTHOLE, "contact": {"phone": words["invalidtext"]}},
            {"text": {"deep": words["invalidtext"]}},
            [words["invalidtext"]],
        ):
            await self.send("/reports", 422, json=body)
        broken = f'{{"text": "{words["invalidtext"]}'.encode()
        await self.send("/reports", 422, content=broken, headers=JSON)
        await self.send("/reports", 413, 422, content=broken * 200_000, headers=JSON)
        await self.send(f"/reports/{words['invalidpath']}", 401, 404, method="GET")
        await self.send(f"/{words['invalidpath']}", 404, method="GET")
        await self.send(f"/track/{words['receiptguess']}", 404, 422, method="GET")
        await self.send(f"/triage?after={words['invalidquery']}", 401, 422, method="GET")
        bad = {"Authorization": f"Bearer {words['invalidheader']}"}
        await self.send("/reports", 401, json={"text": words["invalidtext"]}, headers=bad)
        form = {"service_code": words["invalidopen"], "description": words["invalidopen"]}
        await self.send("/open311/v2/requests.json", 400, 404, data=form)
        file = {"Content-Type": "image/jpeg", "Receipt": words["receiptguess"]}
        await self.send("/evidence", 401, 404, content=words["invalidfile"].encode(), headers=file)

    async def evidence(self, receipt: str) -> None:
        """A photo with words in its EXIF, under a name of its own; and what is none."""
        words = self.canaries
        headers = {
            "Content-Type": "image/jpeg", "Receipt": receipt,
            "Content-Disposition": f'attachment; filename="{words["filename"]}.jpg"',
        }  # fmt: skip
        await self.send("/evidence", 201, content=words.photo(), headers=headers)
        fake = words["invalidfile"].encode() * 50
        again = {**headers, "Idempotency-Key": f"{words['key']}x"}
        await self.send("/evidence", 415, 422, content=fake, headers=again)

    async def more(self, receipt: str) -> None:
        """Words and another way to be reached, added later."""
        body = {"text": self.canaries["supplement"], "contact": {"email": self.canaries.email}}
        await self.send(f"/track/{receipt}/additions", 201, json=body)

    async def lines(self, token: str) -> None:
        """A city's lines: one that is taken, one that is wrong."""
        words = self.canaries
        good = {
            "ref": "canary-1", "matter": district.FORM, "text": words["importtext"],
            "reported_at": "2026-01-05T08:00:00+08:00", "point": district.WHERE,
        }  # fmt: skip
        bad = {"ref": "canary-2", "matter": words["invalidline"], words["invalidfield"]: 1}
        headers = {"Authorization": f"Bearer {token}"}
        await self.send("/imports", 200, json={"lines": [good, bad]}, headers=headers)


JSON = {"Content-Type": "application/json"}


async def test_canaries_are_nowhere_but_in_the_vault(
    api: Api, run: Run, system: System, collector: Collector, broker: Broker, tmp_path: Path
) -> None:
    await load_district(api, district.write(tmp_path, district.files()))
    canaries, tap = Canaries(), Tap(run, broker)
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        sender = Sender(run, http, canaries)
        accepted = await sender.reports()
        await sender.evidence(accepted[0]["receipt"])
        await sender.more(accepted[1]["receipt"])
        await sender.lines(await api._token("intake", As("importer", "history.import")))
        await sender.invalid()
        cases = [each["case"] for each in accepted]
        await eventually(lambda: _worked_on(api, cases), 60)
        for each in accepted:
            await sender.send(f"/track/{each['receipt']}", 200, method="GET")
        said = {f"metrics {name}": await _metrics(api, name) for name in SERVICES}
        await asyncio.sleep(6)  # traces and logs are sent in batches of five seconds

    messages = await tap.messages()
    tap.remove_user(broker)
    names = [*SERVICES, DEPARTMENT]
    places = {
        **sender.answers, **said,
        **{f"message {n}": message for n, message in enumerate(messages)},
        **{f"trace {n}": body for n, body in enumerate(collector.bodies)},
        **await asyncio.to_thread(of_databases, run, names),
        **of_files(system.folder),
    }  # fmt: skip
    found = told(places, canaries)
    for place in sender.answers:  # a misspelt field is named to whoever sent it, and nowhere else
        found.get(place, set()).discard("invalidfield")
    assert {place: ways for place, ways in found.items() if ways} == {}
    await _looked_where_it_matters(places, messages, collector, accepted)
    await _but_in_the_vault(api, canaries, accepted)
    await _to_its_department_words_alone(run, canaries)


async def _worked_on(api: Api, cases: list[str]) -> bool:
    """All are with a handler, one of them in a department's inbox and done there."""
    rows = await api.post("dispatch", "/cases/lookup", {"cases": cases}, LOOKER)
    return len(rows) == len(cases) and any(row["status"] == "verifying" for row in rows)


async def _metrics(api: Api, service: str) -> bytes:
    return (await api.text(service, "/metrics")).encode()


async def _looked_where_it_matters(
    places: dict[str, bytes], messages: list[bytes], collector: Collector,
    accepted: list[dict[str, Any]],
) -> None:  # fmt: skip
    """A search that finds nothing must have had something to search."""
    case = accepted[0]["case"].encode()
    assert any(case in message for message in messages)
    assert any(case in body for body in collector.bodies)
    stored = {"intake.vault", "intake.commits", "dispatch.commits", "notification.commits"}
    assert stored <= set(places)
    for name in SERVICES:
        assert any(place.endswith(f"{name}.log") and content for place, content in places.items())
    assert len(messages) > OPENED * 5


async def _but_in_the_vault(api: Api, canaries: Canaries, accepted: list[dict[str, Any]]) -> None:
    """The vault has them, and its departments' words: nothing was just dropped."""
    report, case = accepted[0]["report"], accepted[0]["case"]
    contact = await api.get("intake", f"/vault/reports/{report}/contact", VAULT, purpose="notice")
    words = await api.get("intake", f"/vault/cases/{case}/words", VAULT, purpose="handle-task")
    assert (contact["email"], contact["phone"]) == (canaries.email, canaries.phone)
    assert words["text"] == canaries["text"]
    assert words["point"] == {"lon": canaries.lon, "lat": canaries.lat}


async def _to_its_department_words_alone(run: Run, canaries: Canaries) -> None:
    """Whoever is to do it reads what and where, and never who said so."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        reader = Reader(run, http)
        roads = Persona("roads", "roads", "department")
        inbox = await reader.get("gateway", "/departments/roads/inbox", roads)
    assert inbox.status_code == 200
    seen = canaries.found_in(inbox.content)
    assert {"text", "lon", "lat"} <= seen <= WHAT_AND_WHERE
