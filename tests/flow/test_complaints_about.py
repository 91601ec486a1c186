"""A complaint about a department, a person or a grid goes its whole way through all services: it
never comes to them nor to anybody under them, by no route, and they can read it nowhere."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from civicgrid.client import Api, As
from civicgrid.deployment import Run
from civicgrid.loading import LOADER, load_district
from tests.flow import district
from tests.flow.complaints import Persona, Reader
from tests.support.twin import eventually
from tests.unit.registry.small import edited

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
LITTER = "event/street/litter"
PEOPLE = ("p-1", "p-3", "p-4", "p-5", "p-6", "p-8", "p-9", "p-seconded", "p-stranger")
UNIT, STREET, ROOT = "410101", "4101", "41"
PEER = As("test", "commits.read", "service")
PLACER = As("p-stand-in", "cases.supervise")


@dataclass(frozen=True, eq=False)
class Complaint:
    """``shut_out``: those who must not have to do with it, written out by hand. ``handler``:
    to whom it goes instead."""

    name: str
    matter: str
    about: dict[str, str]
    handler: str
    shut_out: frozenset[str]
    point: dict[str, float] | None = None


COMPLAINTS = [
    Complaint("lead", district.POTHOLE, {"kind": "department", "id": "roads"}, "p-5",
              frozenset({"roads", "p-seconded"}), district.WHERE),
    Complaint("worker", district.FORM, {"kind": "person", "id": "p-3"}, "p-5",
              frozenset({"p-3"}), district.WHERE),
    Complaint("unit", district.FORM, {"kind": "grid", "id": UNIT}, "p-5",
              frozenset({"p-3"}), district.WHERE),
    Complaint("street", district.FORM, {"kind": "grid", "id": STREET}, "p-8",
              frozenset({"p-3", "p-4", "p-5", "p-6", "p-seconded"}), district.WHERE),
    Complaint("leader", district.FORM, {"kind": "person", "id": "p-5"}, "p-8",
              frozenset({"p-3", "p-4", "p-5", "p-6", "p-seconded"}), district.WHERE),
    Complaint("head", district.FORM, {"kind": "person", "id": "p-8"}, "p-1",
              frozenset(PEOPLE) - {"p-1", "p-stranger"}, district.WHERE),
    Complaint("nowhere", district.FORM, {"kind": "person", "id": "p-8"}, "p-1",
              frozenset(PEOPLE) - {"p-1", "p-stranger"}),
]  # fmt: skip


ORDINARY = Complaint("ordinary", district.POTHOLE, {}, "roads", frozenset(), district.WHERE)
PERSONAS = [
    Persona("p-stranger"), Persona("p-3"), Persona("p-4"), Persona("p-5"), Persona("p-9"),
    Persona("p-seconded"), Persona("p-clerk", "roads"), Persona("roads", "roads", "department"),
]  # fmt: skip


def files() -> dict[str, str]:
    """The small district; p-seconded is of roads and works in the street."""
    made = district.files()
    made["postings.csv"] += "posting:4101:aide:1,p-seconded,aide,4101,false,,,\n"
    return edited("portfolios.csv", "part/*", "*", made)


@pytest.fixture
async def reader(run: Run) -> AsyncIterator[Reader]:
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        yield Reader(run, http)


async def _events(api: Api, service: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for writer in await api.get(service, "/commits/writers", PEER):
        if writer["sent"]:
            query = {"writer": writer["writer"], "first": 1, "last": writer["sent"]}
            found += await api.get(service, "/commits", PEER, full=True, **query)
    return found


async def _whole_way(api: Api, case: str) -> list[set[str]]:
    """Play whoever has it until it is closed; each set is who had it in their hands then."""
    hands: list[set[str]] = []

    async def step() -> bool:
        [row] = await api.post("dispatch", "/cases/lookup", {"cases": [case]}, PLACER) or [None]
        if row is None:
            return False
        desk, status = row["desk"], row["status"]
        if desk:
            hands.append({desk.partition(":")[2]})
        if status == "closed":
            return True
        if desk and desk.startswith("department:"):
            return False
        await _act(api, case, desk, status)
        return False

    await eventually(step, 60)
    return hands


async def _act(api: Api, case: str, desk: str, status: str) -> None:
    state = await api.get("dispatch", f"/cases/{case}", As("p-stranger", "cases.read"))
    person = desk.removeprefix("person:") if desk.startswith("person:") else "p-stranger"
    who = As(person, "cases.verify cases.place cases.supervise")
    if status == "unplaced":
        await api.post("dispatch", f"/cases/{case}/place", {"grid": UNIT}, who)
    elif status == "verifying":
        await api.post(
            "dispatch", f"/cases/{case}/verification", {"passed": True, "confirms": True}, who
        )
    else:
        body = {"taskid": state["task"]["id"], "evidence": ["evidence:1"]}
        await api.post("dispatch", f"/cases/{case}/completion", body, who)


async def test_neither_they_nor_those_under_them(
    api: Api, run: Run, reader: Reader, tmp_path: Path
) -> None:
    await load_district(api, district.write(tmp_path, files()))
    await _second(api, run.domain_clock().now())
    every = [ORDINARY, *COMPLAINTS]
    sent = dict(zip(every, await asyncio.gather(*(_report(api, e) for e in every)), strict=True))
    handlers = {each: await _handled(api, each, sent[each]["case"]) for each in every}
    desks = {f"{kind}:{who}" for kind, who in handlers.values()}
    await _read_by_nobody_of_theirs(reader, sent, sorted(desks))
    await _no_event_gives_it_to_them(api, sent)


async def _handled(api: Api, complaint: Complaint, case: str) -> tuple[str, str]:
    """Its whole way; by whom it was done at last."""
    given = set().union(*await _whole_way(api, case))
    assert not given & complaint.shut_out, complaint
    state = await api.get("dispatch", f"/cases/{case}", As("p-stranger", "cases.read"))
    handler = state["task"]["handler"]
    assert complaint.handler in (handler["id"], handler["person"]), complaint
    assert state["verification"]["verifier"] != handler
    return ("person", handler["person"]) if handler["person"] else ("department", handler["id"])


async def _second(api: Api, now: datetime) -> None:
    """p-seconded, who works in the street, is lent by roads."""
    body = {
        "secondment": "secondment:roads:1", "person": "p-seconded", "department": "roads",
        "grid": STREET, "powers": ["repair"], "legal_basis": "decision 1",
        "approved_by": ["p-1", "p-2"], "valid_to": (now + timedelta(days=90)).isoformat(),
        "reason": "test",
    }  # fmt: skip
    await api.post("registry", "/secondments", body, LOADER)


async def _report(api: Api, complaint: Complaint) -> dict[str, Any]:
    body = {
        "matter": complaint.matter, "text": "投诉",
        **({"about": complaint.about} if complaint.about else {}),
        **({"point": complaint.point} if complaint.point else {}),
    }  # fmt: skip
    answer: dict[str, Any] = await api.post("intake", "/reports", body)
    assert answer["status"] == "received", answer
    return answer


async def _read_by_nobody_of_theirs(
    reader: Reader, sent: dict[Complaint, dict[str, Any]], desks: list[str]
) -> None:
    """By no GET route of any service do they find it; they find what they may, and somebody
    uninvolved finds everything, by several."""
    known = {
        "case": [each["case"] for each in sent.values()],
        "report": [each["report"] for each in sent.values()], "desk": desks,
        "person": sorted(PEOPLE),
        "kind": ["person", "department", "supervisor"], "department": ["roads", "water"],
        "period": ["2026-01"], "by": ["grid", "department"], "subject": [UNIT, ROOT],
        "indicator": ["closed", "routed_right", "rework"],
    }  # fmt: skip
    for persona in PERSONAS:
        names = {persona.name, *([persona.department] if persona.department else [])}
        hidden = {c for c in COMPLAINTS if c.shut_out & names}
        found = await reader.finds(persona, [*known["case"], *known["report"]], known)
        for complaint, answer in sent.items():
            seen_in = found.get(answer["case"], set()) | found.get(answer["report"], set())
            if complaint in hidden:
                assert not seen_in, (persona, complaint.name, seen_in)
                await _may_do_nothing(reader, persona, answer["case"])
            elif persona.kind == "staff":
                assert {"intake", "dispatch", "assessment"} <= seen_in, (persona, complaint.name)
        assert found, persona


async def _may_do_nothing(reader: Reader, persona: Persona, case: str) -> None:
    path = f"/cases/{case}/assignment"
    answer = await reader.post("dispatch", path, persona, {"reason": "lapsed"})
    assert answer.status_code == 404


async def _no_event_gives_it_to_them(api: Api, sent: dict[Complaint, dict[str, Any]]) -> None:
    """Nobody is told, asked or scored for it by any event, in all services."""
    by_case = {answer["case"]: each for each, answer in sent.items()}
    looked_at = 0
    for service in ("dispatch", "joint", "notification", "assessment"):
        for event in await _events(api, service):
            complaint = by_case.get(event["data"].get("case", ""))
            if complaint is None:
                continue
            looked_at += 1
            for field in ("handler", "verifier", "placer", "party", "by", "lead"):
                named = event["data"].get(field)
                ids = {named} if isinstance(named, str) else set((named or {}).values())
                assert not ids & complaint.shut_out, (service, event["type"], field)
    assert looked_at > len(COMPLAINTS) * 5
