"""What operators ask for, and what intake has asked of them."""

from typing import Any

from case_contracts.events.intake import CallbackRequested
from tests.integration.intake.rights.reporter import PHONE
from tests.support.twin import Twin, eventually

Bearer = dict[str, str]
LEFT = {"contact": {"phone": PHONE}, "language": "zh"}


async def requested(twin: Twin, count: int = 1) -> list[Any]:
    await eventually(lambda: len(twin.published(CallbackRequested)) >= count)
    await twin.settled()
    return twin.published(CallbackRequested)


async def queue(twin: Twin, who: Bearer, **query: Any) -> Any:
    answer = await twin.http.get("/callbacks", headers=who, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def claim(twin: Twin, who: Bearer, callback: str) -> Any:
    return await twin.http.post(f"/callbacks/{callback}/claim", headers=who)


async def result(twin: Twin, who: Bearer, callback: str, outcome: str, **more: Any) -> Any:
    body = {"outcome": outcome, **more}
    return await twin.http.post(f"/callbacks/{callback}/result", headers=who, json=body)
