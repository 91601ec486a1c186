"""Three services on one bus, a district of two units, and two people who report one thing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

import dispatch.main
import intake.main
import notification.main
from case_bus.memory import MemoryBroker
from case_bus.topology import base
from case_contracts.commands import COMMAND
from case_contracts.events import dispatch as events
from case_contracts.events.registry import CalendarPublished, CharterGranted, PostingStarted
from dispatch.settings import DispatchSettings
from dispatch.subscriptions import SUBSCRIPTIONS as DISPATCH
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS as INTAKE
from notification.settings import NotificationSettings
from notification.subscriptions import SUBSCRIPTIONS as NOTIFICATION
from tests.integration.intake.conftest import knows_all
from tests.support import small_district
from tests.support.keys import vault_key
from tests.support.small_district import FROM, IN_WEST, MANHOLE, ROOT, WEST
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running

METRE = 1 / 111_320
WORKER = "p-w1"
CALENDAR = CalendarPublished.model_validate(
    {
        "calendar": "lanhe-work",
        "version": 1,
        "zone": "Asia/Shanghai",
        "weekdays": {str(d): [{"start": "00:00", "end": "00:00"}] for d in range(1, 8)},
        "valid_from": FROM,
    }
)
CHARTER = CharterGranted(
    charter="charter:um", version=1, department="um", matters=("part/*",), grid=ROOT, role="lead",
    powers=("repair",), legal_basis="list of powers", approved_by=("p-1", "p-2"), valid_from=FROM,
)  # fmt: skip


def posted(person: str, role: str, grid: str) -> PostingStarted:
    return PostingStarted(
        posting=f"posting:{grid}:{person}", person=person, role=role, grid=grid, accountable=True,
        valid_from=FROM,
    )  # fmt: skip


POSTS = (posted(WORKER, "worker", WEST), posted("p-lead", "leader", ROOT))


@dataclass
class Reporter:
    report: str
    case: str
    receipt: str


@dataclass
class House:
    """The three services, and what people do with them."""

    intake: Twin
    dispatch: Twin
    notification: Twin
    issuer: TestIssuer

    async def reports(self, metres: float = 0, **more: Any) -> Reporter:
        """Somebody reports a manhole cover so many metres north of the first one."""
        point = {**IN_WEST, "lat": IN_WEST["lat"] + metres * METRE}
        body = {"matter": MANHOLE, "point": point, "text": "井盖", **more}
        answer = await self.intake.http.post("/reports", json=body)
        assert answer.status_code == 202, answer.text
        found = answer.json()
        return Reporter(found["report"], found["case"], found["receipt"])

    async def links(self, who: Reporter, case: str) -> dict[str, Any]:
        return await self._linker(who, "link", case=case)

    async def unlinks(self, who: Reporter) -> dict[str, Any]:
        return await self._linker(who, "unlink")

    async def _linker(self, who: Reporter, verb: str, **body: Any) -> dict[str, Any]:
        token = self.issuer.bearer("p-000077", "links.decide", "intake")
        path = f"/reports/{who.report}/{verb}"
        answer = await self.intake.http.post(path, json=body, headers=token)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def tracks(self, who: Reporter) -> dict[str, Any]:
        """What the receipt shows."""
        found: dict[str, Any] = (await self.intake.http.get(f"/track/{who.receipt}")).json()
        return found

    async def told(self, who: Reporter) -> list[str]:
        """The kinds of notices, in their order."""
        token = self.issuer.bearer("p-000077", "notices.read", "notification")
        answer = await self.notification.http.get(f"/notices/{who.report}", headers=token)
        return [row["kind"] for row in answer.json()] if answer.status_code == 200 else []

    async def votes(self, who: Reporter, *, solved: bool) -> int:
        path = f"/track/{who.receipt}/rating"
        answer = await self.intake.http.post(path, json={"solved": solved, "score": 3})
        return answer.status_code

    async def assigned(self, case: str, times: int = 1) -> events.TaskAssigned:
        """The department has the task of this case, for the so manieth time."""

        def tasks() -> list[events.TaskAssigned]:
            return [t for t in self.dispatch.published(events.TaskAssigned) if t.case == case]

        await eventually(lambda: len(tasks()) >= times)
        return tasks()[-1]

    async def finish(self, case: str, times: int = 1) -> None:
        """The work is done, checked, and every service knows that the case is closed."""
        task = await self.assigned(case, times)
        where = {"case": case, "taskid": task.taskid, "assignment": task.assignment}
        said = COMMAND.validate_python(
            {"id": f"{case}-{task.assignment}", "name": "complete", **where, "evidence": []}
        )
        await self.dispatch.command("dispatch", "um", said)
        token = self.issuer.bearer(WORKER, "cases.verify cases.read", "dispatch")

        async def passed() -> bool:
            answer = await self.dispatch.http.post(
                f"/cases/{case}/verification",
                json={"passed": True, "confirms": True},
                headers=token,
            )
            return answer.status_code < 300

        await eventually(passed)


@asynccontextmanager
async def house(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[House]:
    common: dict[str, Any] = {
        "district": DISTRICT,
        "amqp_url": SecretStr("amqp://unused"),
        "mongo_url": SecretStr(mongo_url),
        "jwks_url": issuer.jwks_url,
        "issuer": issuer.name,
    }
    broker = MemoryBroker(base())
    vault: dict[str, Any] = {"vault_keys": SecretStr(vault_key("k1"))}
    took = IntakeSettings(database=f"{database}_i", **vault, **common)
    sent = DispatchSettings(database=f"{database}_d", tick_seconds=0.05, **vault, **common)
    told = NotificationSettings(database=f"{database}_n", **common)
    async with AsyncExitStack() as stack:
        twins = [
            await stack.enter_async_context(running(name, build, subscriptions, broker))
            for name, build, subscriptions in (
                ("intake", lambda edges: intake.main.build(took, edges), INTAKE),
                ("dispatch", lambda edges: dispatch.main.build(sent, edges), DISPATCH),
                ("notification", lambda e: notification.main.build(told, e), NOTIFICATION),
            )
        ]
        found = House(twins[0], twins[1], twins[2], issuer)
        await _load(found)
        yield found


async def _load(found: House) -> None:
    extra = [("calendar:lanhe-work", CALENDAR), ("charter:um", CHARTER),
             *((post.posting, post) for post in POSTS)]  # fmt: skip
    await found.intake.say_all([*extra, *small_district.published()])
    await eventually(lambda: knows_all(found.intake))
    await eventually(lambda: _dispatch_knows(found.dispatch))


async def _dispatch_knows(twin: Twin) -> bool:
    names = ("mirror_standard", "mirror_calendar", "mirror_charter", "mirror_posting")
    counts = [await twin.runtime.database[name].count_documents({}) for name in names]
    grids = await twin.runtime.database["mirror_grid"].count_documents({})
    return all(counts) and counts[-1] == len(POSTS) and grids == len(small_district.GRIDS)
