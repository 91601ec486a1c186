"""What is there before every operation of intake is tried: made by asking, as people would."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from case_contracts.events.dispatch import CaseClosed, TaskAssigned
from intake.domain.looked_up import at_desk
from service_kit import clock
from tests.integration.intake.conftest import load
from tests.support import evidence_files, small_district
from tests.support.small_district import IN_WEST, LITTER, MANHOLE, NOISE
from tests.support.twin import Twin, eventually
from tests.unit.intake.visits import people

Roles = dict[str, dict[str, str]]
SERVICE = "service/civil-affairs/form-handed-in"
TASK = "task:1"
JPEG = "image/jpeg"
MANY = 5000
"""Lines of an import that is still under way when it is cancelled."""


@dataclass(frozen=True)
class Reported:
    report: str
    case: str
    receipt: str


@dataclass(frozen=True)
class Arranged:
    """What requests can be about. ``closed`` and ``open`` are reports with a case in that state,
    ``unclear`` waits for a reviewer, ``proposed`` for somebody to link it."""

    open: Reported
    other: Reported
    closed: Reported
    rated: Reported
    dull: Reported
    unclear: Reported
    unread: Reported
    linked: Reported
    proposed: Reported
    declined: Reported
    beside: str
    erasable: Reported
    evidence: str
    removable: str
    file: str
    claimed: str
    callback: str
    job: str
    running: str
    visit: str
    forgettable: str
    checkin: str


async def arrange(twin: Twin, roles: Roles) -> Arranged:
    """Everything, through the API and the events of others."""
    asked = _Asked(twin, roles)
    await _district(twin)
    reported = {name: await asked.report() for name in ("open", "other", "dull", "erasable")}
    closed = {name: await asked.report() for name in ("closed", "rated")}
    calls = [await asked.report(contact={"phone": f"+86 371 5550 000{n}"}) for n in range(2)]
    for each in (*closed.values(), *calls):
        await asked.close(each.case)
    called = [await asked.callback(each) for each in calls]
    await asked.post("operator", f"/callbacks/{called[0]}/claim")
    linked = await asked.report()
    proposed, declined = await asked.beside()
    await asked.post("operator", f"/reports/{linked.report}/link", {"case": reported["other"].case})
    await asked.assign(reported["open"].case)
    evidence, removable = [await asked.photo(reported["open"], seed) for seed in (1, 2)]
    link = await asked.post("operator", f"/evidence/{evidence}/link", {"purpose": "verify"})
    job = await asked.file([1])
    visits = [await asked.visit(n) for n in range(2)]
    return Arranged(
        **reported,
        **closed,
        unclear=await asked.report(matter=LITTER),
        unread=await asked.report(matter=LITTER),
        linked=linked,
        proposed=proposed,
        declined=declined,
        beside=await asked.beside_which(declined.report),
        evidence=evidence,
        removable=removable,
        file=link["url"].rsplit("/", 1)[1],
        claimed=called[0],
        callback=called[1],
        job=job,
        visit=visits[0],
        forgettable=visits[1],
        checkin=await asked.checkin(),
        running=await asked.file(range(2, MANY)),
    )


async def _district(twin: Twin) -> None:
    await load(twin)
    standard = small_district.standard(
        version=2,
        matters=[
            small_district.matter(SERVICE, ["asked"]),
            small_district.matter(MANHOLE, ["missing", "loose"], "missing"),
            small_district.matter(NOISE, ["loud"]),
            small_district.matter(LITTER, ["heap", "scattered"]),
        ],
    )
    await twin.say(standard, "standard:lanhe")
    await twin.say_all(people.published())
    room = twin.runtime.extras["visits"]

    async def known() -> bool:
        world, field = await twin.runtime.load_world(), await room.field()
        at = clock.now()
        standard = world.standards.at("lanhe", at)
        consented = await room.consented(people.HOUSEHOLD, small_district.WEST, at)
        return bool(
            standard
            and SERVICE in standard.matters
            and len(field.groups.by_group) == 2
            and world.postings.of(people.WORKER, at)
            and consented
        )

    await eventually(known)


class _Asked:
    """Asks, and fails where the answer is no success."""

    def __init__(self, twin: Twin, roles: Roles) -> None:
        self._twin, self._roles = twin, roles

    async def post(self, role: str, path: str, body: Any = None, **more: Any) -> Any:
        headers = {**self._roles[role], **more.pop("headers", {})}
        sent = more if body is None else {**more, "json": body}
        answer = await self._twin.http.post(path, headers=headers, **sent)
        assert answer.is_success, f"{path}: {answer.text}"
        return answer.json()

    async def report(self, **more: Any) -> Reported:
        said = await self.post("nobody", "/reports", {"matter": MANHOLE, "point": IN_WEST, **more})
        return Reported(said["report"], said["case"] or "", said["receipt"])

    async def beside(self) -> list[Reported]:
        """Two reports of noise beside a third: a person is to say whether they are the same."""
        rule = {"matters": ["event/noise/*"], "metres": 50, "hours": 24, "link_from": None}
        rules = {"after": 0, "duplicates": [rule]}
        put = await self._twin.http.put("/rules", json=rules, headers=self._roles["operator"])
        assert put.is_success, put.text

        neighbours = self._twin.runtime.extras["neighbours"]
        await eventually(lambda: neighbours.rules.published is not None)
        _, *found = [await self.report(matter=NOISE) for _ in range(3)]
        views = self._twin.runtime.database["view_report"]
        both = {"_id": {"$in": [each.report for each in found]}, "by": at_desk("links")}

        async def known() -> bool:
            return await views.count_documents(both) == len(found)

        await eventually(known)
        return found

    async def beside_which(self, report: str) -> str:
        """The case that the report may belong to."""
        page = await self._twin.http.get("/links/proposed", headers=self._roles["operator"])
        found = {each["report"]: each["to_case"] for each in page.json()}
        return str(found[report])

    async def close(self, case: str) -> None:
        closed = CaseClosed.model_validate(
            {**CaseClosed.EXAMPLE, "case": case, "closed_at": clock.now(), "due_at": None}
        )
        await self._twin.say(closed, case)
        await self._known({"case": case, "kind": "closed"})

    async def assign(self, case: str) -> None:
        now = clock.now()
        times = {"assigned_at": now, "accept_by": now + timedelta(hours=1), "due_at": None}
        task = {**TaskAssigned.EXAMPLE, "case": case, "taskid": TASK, **times}
        await self._twin.say(TaskAssigned.model_validate(task), case)
        await self._known({"case": case, "taskid": TASK})

    async def _known(self, row: dict[str, Any]) -> None:
        facts = self._twin.runtime.database["fact_progress"]
        await eventually(lambda: facts.find_one(row))

    async def callback(self, reported: Reported) -> str:
        async def asked() -> str | None:
            page = await self._twin.http.get("/callbacks", headers=self._roles["operator"])
            found = [c["callback"] for c in page.json()["callbacks"]]
            return next((c for c in found if reported.case in c), None)

        return await eventually(asked) or ""

    async def photo(self, reported: Reported, seed: int) -> str:
        """Of the work, by staff."""
        found = await self.post(
            "operator", "/evidence", content=evidence_files.jpeg(evidence_files.scene(seed)),
            params={"case": reported.case, "taskid": TASK, "phase": "after"},
            headers={"Content-Type": JPEG},
        )  # fmt: skip
        return str(found["evidence"])

    async def file(self, numbers: Iterable[int]) -> str:
        lines = "".join(f'{{"ref": "{n}", "matter": "{MANHOLE}"}}\n' for n in numbers)
        found = await self.post(
            "operator", "/imports/files", content=lines.encode(), params={"kind": "live"},
            headers={"Content-Type": "application/x-ndjson"},
        )  # fmt: skip
        return str(found["job"])

    async def visit(self, number: int) -> str:
        at = clock.now().isoformat()
        body = {"id": f"visit-{number}", "grid": small_district.WEST, "kind": "routine",
                "visited_at": at, "note": "papers are ready"}  # fmt: skip
        found = await self.post("worker", "/visits", body)
        return str(found["visit"]["visit"])

    async def checkin(self) -> str:
        body = {"id": "checkin-1", "point": IN_WEST, "made_at": clock.now().isoformat()}
        found = await self.post("worker", "/checkins", body)
        return str(found["checkin"])
