"""Which fields departments get: those of the committed list, by either way, and not one more."""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from case_bus.port import Delivery
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.topology import INBOX
from case_contracts.commands import COMMAND
from case_contracts.events.dispatch import SlipIssued
from case_contracts.inbox import EXAMPLES
from gateway.door import door_of
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.test_commands import about
from tests.integration.gateway.test_http import token
from tests.integration.gateway.vhosts import DEPARTMENTS, Departments
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

LIST = Path(__file__).with_name("fields.json")
"""By kind of item every path of keys, ``[]`` for the elements of a list. A field more is a
decision: what a department may see is what its charter needs."""
Items = list[dict[str, Any]]


def paths(value: Any, at: str = "") -> Iterator[str]:
    """Every path of keys in an item."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, f"{at}.{key}" if at else key)
    elif isinstance(value, list):
        for each in value:
            yield from paths(each, f"{at}[]")
    if at and not (isinstance(value, (dict, list)) and value):
        yield at


def by_kind(items: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in items:
        found[item["kind"]] |= set(paths(item))
    return {kind: sorted(found[kind]) for kind in sorted(found)}


@pytest.fixture
async def by_amqp(departments: Departments) -> AsyncIterator[Items]:
    """What both departments find in their inboxes."""
    items: Items = []

    async def on_delivery(delivery: Delivery) -> None:
        items.append(json.loads(delivery.body))
        await delivery.ack()

    consumers = [RabbitConsumer(departments.as_department(d), name="test") for d in DEPARTMENTS]
    for consumer in consumers:
        await consumer.start(INBOX, on_delivery, 64)
    yield items
    for consumer in consumers:
        await consumer.close()


async def test_each_kind_of_item_has_the_listed_fields_by_amqp_and_by_http(
    gateway: Twin, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer, by_amqp: Items
) -> None:
    vault.words["case:1"] = {"text": "井盖没了", "point": {"lon": 113.6, "lat": 34.7}}
    vault.put("case:1")
    await dispatch.charter("um")
    task = await dispatch.assign("um", case="case:1")
    await eventually(partial(_kinds, by_amqp, "task.assigned"))
    await _say(gateway, "um", about(task, "accept"))
    await _say(gateway, "um", about(task, "ask_help", units=["wa"], reason="needs_other_powers"))
    await eventually(partial(_kinds, by_amqp, "operation.invited"))
    operation = next(i["operation"] for i in by_amqp if i["kind"] == "operation.invited")
    for department, name in (("wa", "arrive"), ("um", "sign_off")):
        await _say(gateway, department, {"id": name, "name": name, "operation": operation})
    slip = {**SlipIssued.EXAMPLE, "case": "case:1", "to": task.handler.model_dump()}
    await gateway.say(SlipIssued.model_validate(slip), "case:1")
    await eventually(partial(_kinds, by_amqp, "operation.concluded", "notice"))
    by_http = await _inboxes(gateway, issuer)
    await dispatch.take_away(task)
    await eventually(partial(_kinds, by_amqp, "task.withdrawn"))
    by_http += [i for i in await _inboxes(gateway, issuer) if i["kind"] == "task.withdrawn"]

    allowed = json.loads(LIST.read_text())
    assert by_kind(by_amqp) == allowed
    assert by_kind(by_http) == allowed
    assert set(allowed) == set(EXAMPLES), "a kind of item that was not looked at"


def test_the_list_names_nothing_of_a_reporter() -> None:
    words = ("report", "contact", "phone", "email", "receipt", "address", "channel", "language")
    found = [path for each in json.loads(LIST.read_text()).values() for path in each]
    assert [path for path in found if any(word in path for word in words)] == []


async def _say(gateway: Twin, department: str, command: dict[str, Any]) -> None:
    COMMAND.validate_python(command)
    taken = door_of(gateway.runtime).desk.take(department, json.dumps(command).encode())
    assert await taken == "forwarded"


def _kinds(items: Items, *wanted: str) -> bool:
    return set(wanted) <= {item["kind"] for item in items}


async def _inboxes(gateway: Twin, issuer: TestIssuer) -> Items:
    found: Items = []
    for department in DEPARTMENTS:
        answer = await gateway.http.get(
            f"/departments/{department}/inbox", headers=token(issuer, department)
        )
        found += answer.json()["items"]
    return found
