"""What may be done in a department's vhost: write commands, read the inbox, and nothing else.

The probes are ``case_bus.isolation``'s, which are made at every start too.
"""

from collections.abc import AsyncIterator, Iterator

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import AMQPError, ChannelAccessRefused

from case_bus import isolation
from case_bus.definitions import permission, user
from case_bus.department_vhost import user_name, vhost_name
from case_bus.isolation import OF_DEPARTMENT, OF_GATEWAY, department_holes, gateway_holes
from case_bus.port import Outgoing
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import DEPARTMENT_COMMANDS, FROM_DEPARTMENT, INBOX, TO_INBOX
from tests.integration.gateway.vhosts import PASSWORD, Departments, DepartmentsPool


@pytest.fixture(scope="module")
def shared(department_pool: DepartmentsPool) -> Iterator[Departments]:
    """Vhosts for all that changes nothing in them."""
    taken = department_pool.take()
    yield taken
    department_pool.give_back(taken)


@pytest.fixture
async def channel(shared: Departments) -> AsyncIterator[AbstractChannel]:
    """A channel of department um on its own vhost."""
    connection = await aio_pika.connect(shared.as_department("um"))
    yield await connection.channel(on_return_raises=True)
    await connection.close()


async def _publish(channel: AbstractChannel, message: aio_pika.Message) -> None:
    exchange = await channel.get_exchange(DEPARTMENT_COMMANDS, ensure=False)
    await exchange.publish(message, "", mandatory=True)


async def _get(channel: AbstractChannel, queue: str) -> object:
    return await (await channel.get_queue(queue, ensure=False)).get(fail=False)


@pytest.mark.parametrize("what", OF_DEPARTMENT)
async def test_a_department_is_refused(channel: AbstractChannel, what: str) -> None:
    with pytest.raises(ChannelAccessRefused):
        await OF_DEPARTMENT[what](channel)


@pytest.mark.parametrize("what", OF_GATEWAY)
async def test_the_gateway_is_refused(shared: Departments, what: str) -> None:
    connection = await aio_pika.connect(shared.as_gateway("um"))
    with pytest.raises(ChannelAccessRefused):
        await OF_GATEWAY[what](await connection.channel())
    await connection.close()


async def test_there_is_no_hole_also_between_vhosts(departments: Departments) -> None:
    others = ["/", vhost_name(departments.district, "wa")]
    assert await department_holes(departments.as_department("um"), others) == []
    assert await gateway_holes(departments.as_gateway("um")) == []
    with pytest.raises((AMQPError, ConnectionError)):
        await aio_pika.connect(departments.as_department("um", vhost_of="wa"))


HOLES = {
    "write": ("publish by the default exchange", "publish to the inbox"),
    "read": ("read the commands",),
    "configure": ("declare a queue", "alter the inbox", "alter the commands' queue"),
    "any": tuple(OF_DEPARTMENT),
}


@pytest.mark.parametrize("right", HOLES)
async def test_a_right_too_many_is_found_and_the_probes_leave_nothing_behind(
    departments: Departments, right: str
) -> None:
    vhost = vhost_name(departments.district, "um")
    rights = {"write": "^commands$", "read": "^inbox$", right: ".*"}
    if right == "any":
        rights = dict.fromkeys(("configure", "write", "read"), ".*")
    wide = permission(user_name(departments.district, "um"), vhost, **rights)
    departments.broker.import_definitions({"permissions": [wide]})
    before = _in_vhost(departments, vhost)
    found = await department_holes(departments.as_department("um"))
    assert set(HOLES[right]) <= set(found)
    assert _in_vhost(departments, vhost) == before
    connection = await aio_pika.connect(departments.as_gateway("um"))
    assert await _get(await connection.channel(), FROM_DEPARTMENT) is None
    await connection.close()


async def test_another_vhost_and_a_forged_sender_are_found_too(departments: Departments) -> None:
    mine, other = (vhost_name(departments.district, each) for each in ("um", "wa"))
    departments.broker.import_definitions(
        {"users": [user(mine, PASSWORD, "impersonator")], "permissions": [permission(mine, other)]}
    )
    found = await department_holes(departments.as_department("um"), [other])
    assert found == [isolation.OTHER_VHOST.format(other), isolation.FORGED_SENDER]


def _in_vhost(departments: Departments, vhost: str) -> dict[str, list[object]]:
    found = departments.broker.admin.definitions()
    kinds = ("exchanges", "queues", "bindings")
    return {kind: [row for row in found[kind] if row["vhost"] == vhost] for kind in kinds}


async def test_the_own_sender_and_the_own_inbox_are_allowed_and_it_may_be_purged(
    channel: AbstractChannel, shared: Departments
) -> None:
    own = user_name(shared.district, "um")
    await _publish(channel, aio_pika.Message(b"{}", user_id=own))
    assert await _get(channel, INBOX) is None
    publisher = RabbitPublisher(shared.as_gateway("um"), name="test")
    assert await publisher.publish([Outgoing(TO_INBOX, "", b"{}")]) == [None]
    await publisher.close()
    purged = await (await channel.get_queue(INBOX, ensure=False)).purge()
    assert purged.message_count == 1


async def test_a_copy_cannot_be_sent_to_another_queue_by_headers(channel: AbstractChannel) -> None:
    """CC bypasses topic permissions on this broker; in a vhost of one's own it reaches nobody."""
    await _publish(channel, aio_pika.Message(b"{}", headers={"CC": [INBOX], "BCC": [INBOX]}))
    assert await _get(channel, INBOX) is None


async def test_a_broker_that_cannot_be_asked_is_an_error_and_no_hole(
    departments: Departments,
) -> None:
    wrong = departments.as_department("um").replace(PASSWORD, "wrong")
    with pytest.raises(ConnectionError, match="cannot be asked as") as raised:
        await department_holes(wrong)
    assert "wrong" not in str(raised.value)
