"""A slip, and how a wish for more time was decided, come into the department's inbox once."""

from case_contracts.events import dispatch as events
from case_contracts.inbox import NoticeItem
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.test_http import token
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually


async def test_notices_come_in_order_and_only_to_whom_they_are_for(
    gateway: Twin, dispatch: FakeDispatch, issuer: TestIssuer
) -> None:
    await dispatch.charter("um")
    task = await dispatch.assign("um", case="case:1")
    party = {"kind": "department", "id": "um"}
    for model in (events.SlipIssued, events.ClockExtended, events.ReliefRefused):
        field = "to" if model is events.SlipIssued else "party"
        said = model.model_validate({**model.EXAMPLE, "case": task.case, field: party})
        await gateway.say(said, task.case)

    async def items(department: str) -> list[dict[str, object]]:
        headers = token(issuer, department)
        page = await gateway.http.get(f"/departments/{department}/inbox?after=1", headers=headers)
        found: list[dict[str, object]] = page.json()["items"]
        return found

    async def all_there() -> bool:
        return len(await items("um")) == 3

    await eventually(all_there)
    found = await items("um")
    assert [i["what"] for i in found] == ["slip", "extended", "relief_refused"]
    assert [i["cursor"] for i in found] == [2, 3, 4]
    assert set(found[0]) == set(NoticeItem.model_fields)
    assert await items("wa") == []
