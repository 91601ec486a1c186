"""From the whistle to the conclusion, over the twin of the bus and a real store."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from case_contracts import commands as said
from case_contracts.events import joint as events
from case_contracts.events.dispatch import WhistleBlown
from joint.main import build
from joint.settings import JointSettings
from joint.subscriptions import SUBSCRIPTIONS
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running

WHISTLE = WhistleBlown.model_validate(WhistleBlown.EXAMPLE)


@pytest.fixture
async def joint(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    settings = JointSettings(
        district=DISTRICT,
        amqp_url=SecretStr("amqp://unused"),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
    )
    async with running("joint", lambda edges: build(settings, edges), SUBSCRIPTIONS) as twin:
        yield twin


def reader(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000001", "operations.read", "joint")


async def concluded(joint: Twin) -> None:
    await joint.say(WHISTLE, WHISTLE.case)
    await eventually(lambda: joint.published(events.UnitInvited))
    operation = WHISTLE.operation
    await answered(joint, "market-regulation", said.Join(id="1", operation=operation))
    await answered(joint, "market-regulation", said.Arrive(id="2", operation=operation))
    await answered(joint, "stranger", said.Join(id="1", operation=operation))
    await answered(joint, "urban-management", said.SignOff(id="1", operation=operation))


async def answered(joint: Twin, department: str, command: said.OperationCommand) -> None:
    before = len(joint.publisher.envelopes)
    await joint.command("joint", department, command)
    await eventually(lambda: len(joint.publisher.envelopes) > before)
    await joint.settled()


async def get(joint: Twin, path: str, headers: dict[str, str]) -> httpx.Response:
    return await joint.http.get(path, headers=headers)


async def test_from_whistle_to_conclusion(joint: Twin, issuer: TestIssuer) -> None:
    await concluded(joint)

    answer: dict[str, Any] = (
        await get(joint, f"/operations/{WHISTLE.operation}", reader(issuer))
    ).json()
    (of_case,) = (await get(joint, f"/operations?case={WHISTLE.case}", reader(issuer))).json()

    assert answer == of_case
    assert answer["status"] == "concluded"
    assert [u["presence"] for u in answer["units"]] == ["signed_off", "arrived"]
    (refused,) = joint.published(events.OperationCommandRefused)
    assert (refused.command, refused.code) == ("forwarded:stranger:1", "not_your_operation")


async def test_what_is_under_way_is_listed_until_it_ends(joint: Twin, issuer: TestIssuer) -> None:
    async def listed() -> list[str]:
        rows = (await get(joint, "/operations", reader(issuer))).json()
        return [row["operation"] for row in rows]

    assert await listed() == []
    await joint.say(WHISTLE, WHISTLE.case)
    await eventually(lambda: joint.published(events.UnitInvited))
    await joint.settled()
    assert await listed() == [WHISTLE.operation]
    command = said.SignOff(id="1", operation=WHISTLE.operation)
    await answered(joint, "urban-management", command)
    assert await listed() == []


async def test_the_same_messages_again_do_nothing_again(joint: Twin) -> None:
    whistle = await joint.say(WHISTLE, WHISTLE.case)
    await eventually(lambda: joint.published(events.UnitInvited))
    await joint.send(whistle)
    join = said.Join(id="1", operation=WHISTLE.operation)
    await joint.command("joint", "market-regulation", join)
    await joint.command("joint", "market-regulation", join)
    arrive = said.Arrive(id="2", operation=WHISTLE.operation)
    await joint.command("joint", "market-regulation", arrive)
    await eventually(lambda: joint.published(events.UnitArrived))

    assert len(joint.published(events.OperationConvened)) == 1
    assert len(joint.published(events.UnitJoined)) == 1
    assert joint.published(events.OperationCommandRefused) == []


async def test_a_command_about_nothing_is_answered_and_makes_no_operation(
    joint: Twin, issuer: TestIssuer
) -> None:
    await joint.command("joint", "market-regulation", said.Join(id="1", operation="../case:1"))
    await eventually(lambda: joint.published(events.OperationCommandRefused))
    await joint.settled()

    shown = await get(joint, "/operations/operation:..%2Fcase:1", reader(issuer))
    assert shown.status_code == 404
    assert await joint.runtime.held.summary() == []


async def test_rights(joint: Twin, issuer: TestIssuer) -> None:
    path = f"/operations/{WHISTLE.operation}"
    other = issuer.bearer("p-000001", "cases.read", "joint")

    assert (await joint.http.get(path)).status_code == 401
    assert (await get(joint, path, other)).status_code == 403
    assert (await get(joint, path, reader(issuer))).status_code == 404
