"""A reporter with a receipt, and what dispatch says of the case."""

from datetime import timedelta
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import CaseClosed, TaskAssigned
from service_kit import clock
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.twin import Twin, eventually

PHONE = "+86 371 5550 1234"
WORDS = "井盖不见了，就在校门口"


class Reporter:
    """One report; ``say`` what happens to its case, and look at the receipt."""

    def __init__(self, twin: Twin, accepted: dict[str, Any]) -> None:
        self.twin, self.report = twin, accepted["report"]
        self.case, self.receipt = accepted["case"], accepted["receipt"]

    async def say(self, model: type[EventData], **change: Any) -> None:
        """Tell it, and wait until intake has noted it."""
        facts = self.twin.runtime.database["fact_progress"]
        data = model.model_validate({**model.EXAMPLE, "case": self.case, **change})
        envelope = await self.twin.say(data, self.case)
        await eventually(lambda: facts.find_one({"_id": envelope.id}))

    async def work_and_close(self, person: str = "p-007") -> None:
        """A grid's post does the work, and it is closed."""
        handler = {"kind": "post", "id": "posting:g:1", "person": person, "grid": "g"}
        await self.say(TaskAssigned, assigned_at=clock.now(), handler=handler)
        await self.close()

    async def close(self) -> None:
        await self.say(CaseClosed, closed_at=clock.now())

    async def track(self) -> dict[str, Any]:
        answer = await self.twin.http.get(f"/track/{self.receipt}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def may(self) -> list[str]:
        return [each["right"] for each in (await self.track())["may"]]

    async def ask(self, what: str, body: dict[str, Any], key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        url = f"/track/{self.receipt}/{what}"
        return await self.twin.http.post(url, json=body, headers=headers)


async def reporter(twin: Twin, **said: Any) -> Reporter:
    """Somebody reports a missing cover in the west."""
    body = {"matter": MANHOLE, "point": IN_WEST, **said}
    answer = await twin.http.post("/reports", json=body)
    assert answer.status_code == 202, answer.text
    return Reporter(twin, answer.json())


def soon() -> str:
    return (clock.now() + timedelta(hours=1)).isoformat()
