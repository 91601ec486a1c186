"""What is there before every operation of dispatch is tried: made by asking, as people would."""

from datetime import timedelta
from typing import Any

import httpx

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.intake import ReopeningRequested
from case_contracts.events.registry import PostingStarted, StandardPublished
from service_kit import clock
from tests.integration.dispatch.test_reporters_wishes import happened
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import FROM, IDLE, LITTER, QUARREL, filed, registry_events

Roles = dict[str, dict[str, str]]
PAPERS, SMOKE = "service/documents/form", "hazard/fire/smoke"
WORKER, LEAD, BOSS, DUTY = "p-w1", "p-lead", "p-boss", "p-duty"
ALWAYS = [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "hours": {"start": "00:00", "end": "00:00"}}]
KNOWLEDGE = {
    "after": 0, "matters": ["inquiry/*"], "title": {"zh": "证", "en": "Permit"},
    "body": {"zh": "办理。", "en": "Go there."}, "source": "article 7",
    "valid_from": "2020-01-01T00:00:00+08:00",
}  # fmt: skip


def _standard() -> StandardPublished:
    """Version 2: a hazard that is urgent and papers to hand in, beside what there was."""
    first = next(e for e in registry_events() if isinstance(e, StandardPublished))
    found = first.model_dump(mode="json")
    litter = next(m for m in found["matters"] if m["code"] == LITTER)
    condition = litter["conditions"][0]
    smoke = {**litter, "code": SMOKE, "matter_class": "hazard",
             "conditions": [{**condition, "urgent": True}]}  # fmt: skip
    papers = {**litter, "code": PAPERS, "matter_class": "service"}
    found |= {"version": 2, "matters": [*found["matters"], smoke, papers]}
    return StandardPublished.model_validate(found)


def _on_duty() -> PostingStarted:
    return PostingStarted.model_validate(
        {
            "posting": "posting:u1:duty", "person": DUTY, "role": "leader", "grid": "u1",
            "accountable": False, "shifts": ALWAYS, "valid_from": FROM,
        }
    )  # fmt: skip


class Arranging:
    """Asks in somebody's role, and fails where the answer is no success."""

    def __init__(self, twin: Twin, roles: Roles) -> None:
        self.twin, self._roles = twin, roles

    async def district(self) -> None:
        await self.twin.say(_standard(), "standard:s")
        await self.twin.say(_on_duty(), "posting:u1:duty")

        async def known() -> bool:
            world = await self.twin.runtime.load_world()
            return ("s", 2) in world.standards.calendars and bool(
                world.postings.of(DUTY, clock.now())
            )

        await eventually(known)

    async def post(self, role: str, path: str, body: Any = None) -> Any:
        """An event is told while its view is being saved: asked until it is there."""
        said: list[httpx.Response] = []

        async def done() -> bool:
            said.append(await self.twin.http.post(path, json=body or {}, headers=self._roles[role]))
            return said[-1].is_success

        try:
            await eventually(done)
        except AssertionError:
            raise AssertionError(f"{path}: {said[-1].text}") from None
        return said[-1].json()

    async def case(self, name: str, matter: str = LITTER, **more: Any) -> str:
        case, at = f"case:{name}", clock.now()
        said = {"standard": {"id": "s", "version": 2}, "reported_at": at, "opened_at": at, **more}
        await self.twin.say(filed(case, matter=matter, **said), case)
        await self.there(events.CaseReceived, case)
        return case

    async def there(self, event: type[EventData], case: str, count: int = 1) -> Any:
        """The event, once it is published."""
        return await happened(self.twin, event, case, count)

    async def done(self, case: str, count: int = 1) -> None:
        task = await self.there(events.TaskAssigned, case, count)
        await self.post(WORKER, f"/cases/{case}/completion", {"taskid": task.taskid})
        await self.there(events.VerificationRequested, case, count)

    async def closed(self, case: str, count: int = 1) -> None:
        await self.done(case, count)
        await self.post(LEAD, f"/cases/{case}/verification", {"passed": True})
        await self.there(events.CaseClosed, case, count)

    async def wished_open(self, case: str, report: str) -> None:
        at = clock.now() + timedelta(seconds=1)
        wish = ReopeningRequested(report=report, case=case, reason="not_done", requested_at=at)
        await self.twin.say(wish, report)


async def arrange(twin: Twin, roles: Roles) -> dict[str, Any]:
    """The cases by what waits in them, and ids that requests need."""
    asked = Arranging(twin, roles)
    await asked.district()
    for name in ("look", "do", "assign", "void", "relief", "return", "press", "slip", "up", "bulk"):
        await asked.case(name)
    found = {"do": (await asked.there(events.TaskAssigned, "case:do")).taskid}
    await asked.case("fire", SMOKE)
    await asked.there(events.EmergencyAlerted, "case:fire")
    await asked.case("place", grid="d", grid_path=[], located=False)
    for name in ("check", "verifier"):
        await asked.done(await asked.case(name))
    await _ends(asked, found)
    await _time_and_rulings(asked, found)
    for name in ("sitting", "mediate"):
        await asked.case(name, QUARREL)
    for name in ("papers", "result"):
        await asked.case(name, PAPERS)
    await asked.case("inquiry", IDLE)
    slipped = await asked.case("slipped")
    body = {"colour": "orange", "words": "Why?"}
    found["slip"] = (await asked.post(BOSS, f"/cases/{slipped}/slips", body))["slips"][0]["id"]
    put = await twin.http.put("/knowledge/permit", json=KNOWLEDGE, headers=roles["publisher"])
    assert put.is_success, put.text
    return found


async def _ends(asked: Arranging, found: dict[str, Any]) -> None:
    await asked.closed(await asked.case("answer"))
    answered = await asked.case("answered")
    await asked.closed(answered)
    await asked.post(BOSS, f"/cases/{answered}/answer", {"words": "Done."})
    found["statement"] = (await asked.there(events.AnswerGiven, answered)).statement
    await asked.closed(await asked.case("erase"))
    await asked.post(BOSS, "/cases/case:erase/answer", {"words": "Done."})
    voiding = await asked.case("voiding")
    why = {"reason": "no_such_problem", "statement": "Nothing found."}
    await asked.post(BOSS, f"/cases/{voiding}/voiding", why)
    again = await asked.case("reopening")
    await asked.closed(again)
    await asked.wished_open(again, "report:1")
    await asked.there(events.CaseReopened, again)
    await asked.closed(again, 2)
    await asked.wished_open(again, "report:2")
    await asked.there(events.ReopeningReferred, again)


async def _time_and_rulings(asked: Arranging, found: dict[str, Any]) -> None:
    until = (clock.now() + timedelta(hours=1)).isoformat()
    for name in ("asked", "paused"):
        case = await asked.case(name)
        body = {"reason": "needs_approval", "until": until}
        request = (await asked.post(WORKER, f"/cases/{case}/relief", body))["request"]["id"]
        found[name] = request
    grant = f"/cases/case:paused/relief/{found['paused']}"
    await asked.post(BOSS, grant, {"grant": True})
    ruling = await asked.case("ruling")
    await asked.post(WORKER, f"/cases/{ruling}/return", {"reason": "not_here"})
    await asked.post(LEAD, f"/cases/{ruling}/return", {"reason": "not_ours"})
    await asked.there(events.RulingRequested, ruling)
