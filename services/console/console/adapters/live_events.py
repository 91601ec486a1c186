"""Events of the bus, as hints for the pages that are open."""

import orjson
import structlog

from case_bus.rabbit_listener import RabbitListener
from case_bus.topology import EVENTS, LISTENING
from console.adapters.live_hub import Hub
from console.domain.live import Cases

log = structlog.get_logger()
KEYS = ("intake.case.opened.v1", "dispatch.#", "joint.#")


class LiveEvents:
    """Tells the hub of every event of a case, and whether events come at all."""

    def __init__(self, url: str, hub: Hub) -> None:
        self._hub, self._cases = hub, Cases()
        self._listener = RabbitListener(
            url, name="console:live", prefix=LISTENING, exchange=EVENTS, keys=KEYS
        )

    async def run(self) -> None:
        """For as long as the process lives."""
        await self._listener.listen(self.hear, self._hub.set_live)

    def hear(self, body: bytes) -> None:
        """One event; what cannot be read is of no case that a page shows."""
        try:
            event = orjson.loads(body)
            hint = self._cases.hear(event["type"], event["recordedat"], event["data"])
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            log.warning("event_unreadable", error=type(error).__name__)
            return
        if hint is not None:
            self._hub.tell(hint)
