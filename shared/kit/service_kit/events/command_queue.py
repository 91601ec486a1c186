"""Departments' commands, as the gateway hands them on: one durable queue per service."""

from collections.abc import Callable

from pydantic import ValidationError

from case_contracts.commands import Forwarded
from service_kit.events.held import Held
from service_kit.events.listener import Listener
from service_kit.events.subscriptions import Translated
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.store.model import Actor, Work

Translate = Callable[[Forwarded], Translated]


class CommandQueue:
    """Turns forwarded commands into work; ``handler`` is the fixed string of deduplication.

    A refusal is an event of the aggregate (``command.refused``), decided by the domain; what
    still raises here is a fault of ours and is held.
    """

    def __init__(self, handler: str, translate: Translate, listener: Listener, held: Held) -> None:
        self._handler, self._translate = handler, translate
        self._listener, self._held = listener, held

    async def handle(self, queue: str, key: str, body: bytes, *, held: bool = False) -> str:
        command_id: str | None = None
        name = "unreadable"
        try:
            forwarded = Forwarded.model_validate_json(body)
            command_id, name = forwarded.id, f"command.{forwarded.command.name}"
            await self._listener.through(self._work(forwarded))
        except UNKNOWN_OUTCOME:
            raise
        except ValidationError as error:
            await self._held.put(
                queue, key, body, reason=f"invalid: {error.error_count()} errors",
                status="parked", event=command_id,
            )  # fmt: skip
        except Exception as error:  # every failure ends in quarantine, with its reason
            reason = f"{type(error).__name__}: {error}"
            await self._held.put(queue, key, body, reason=reason, status="retry", event=command_id)
        return name

    def _work(self, forwarded: Forwarded) -> Work:
        translated = self._translate(forwarded)
        return Work(
            aggregate=translated.aggregate,
            handler=self._handler,
            cause=forwarded.id,
            command=translated.command,
            actor=Actor(f"department:{forwarded.department}", "department"),
            traceparent=forwarded.traceparent,
        )
