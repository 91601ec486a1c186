"""``python -m tests.faults.echo_service``: counts inputs that come over HTTP or over the bus.

``CIVICGRID_FAULT=mid_publish:N`` is a fault of its own: half of the N-th batch reaches the
broker and the process dies.
"""

import os
import signal
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Request

from case_bus.port import Outgoing, PublishError
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from service_kit.app import serve
from service_kit.runtime import Edges, Parts
from service_kit.settings import ServiceSettings
from service_kit.store.model import Actor, Work
from tests.faults.echo import SUBSCRIPTIONS, counter_of
from tests.support.counter import Add, Counter
from tests.support.store_node import SERVICE

router = APIRouter()


@router.post("/inputs/{text}")
async def take(request: Request, text: str, idempotency_key: Annotated[str, Header()]) -> str:
    work = Work(counter_of(text), "registry.http", idempotency_key, Add(text), Actor("test"))
    outcome = await request.app.state.runtime.committer.submit(work)
    return str(outcome.commit.id)


class HalfPublisher(RabbitPublisher):
    """Publishes one half of the batch that it is told to die in."""

    batches_left = int(os.environ.get("CIVICGRID_FAULT", "mid_publish:0").partition(":")[2] or "1")

    async def publish(self, messages: Sequence[Outgoing]) -> list[PublishError | None]:
        self.batches_left -= 1
        if self.batches_left == 0:
            await super().publish(messages[: len(messages) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().publish(messages)


def main() -> None:
    settings = ServiceSettings()
    url = settings.amqp_url.get_secret_value()
    half = os.environ.get("CIVICGRID_FAULT", "").startswith("mid_publish")
    publisher = (HalfPublisher if half else RabbitPublisher)(url, name=SERVICE, heartbeat=5)
    edges = Edges(publisher, RabbitConsumer(url, name=SERVICE, heartbeat=5, watch_seconds=2))
    serve(Parts(SERVICE, settings, [Counter()], SUBSCRIPTIONS, [router]), edges)


if __name__ == "__main__":
    main()
