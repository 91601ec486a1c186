"""Sending a command until it is answered."""

import asyncio
from collections.abc import Callable

import structlog

from case_contracts.commands import Command
from case_contracts.inbox import AnswerItem
from department_sdk.line import Line, LineDown
from department_sdk.metrics import COMMANDS, RESENT

log = structlog.get_logger()
RESEND_SECONDS = 10.0
LONGEST_RESEND_SECONDS = 120.0
DOWN_SECONDS = 1.0
RETRY_SECONDS = 2.0
TRIES = 6


class Asker:
    """The same command is sent again, under the same id, until its answer comes: the gateway
    and dispatch do it once. Pauses are real time; they double up to two minutes."""

    def __init__(
        self, department: str, line: Line, *, resend_seconds: float = RESEND_SECONDS
    ) -> None:
        self._department, self._line, self._resend = department, line, resend_seconds
        self._waiting: dict[str, asyncio.Future[AnswerItem]] = {}

    async def ask(self, command: Command) -> AnswerItem:
        """Its answer, however long that takes."""
        answer = self._waiting.setdefault(command.id, asyncio.Future())
        pause = self._resend
        try:
            while True:
                await self._send(command)
                try:
                    # Not wait_for: before Python 3.12 it can swallow a cancellation.
                    async with asyncio.timeout(pause):
                        return self._counted(await asyncio.shield(answer))
                except TimeoutError:
                    log.warning("no_answer_yet", command=command.name, id=command.id)
                    RESENT.labels(self._department, command.name).inc()
                    pause = min(pause * 2, LONGEST_RESEND_SECONDS)
        finally:
            self._waiting.pop(command.id, None)

    async def ask_until_settled(self, make: Callable[[str], Command]) -> AnswerItem:
        """Ask; where a refusal says that a later attempt can succeed, ask again under a new id
        (``make`` gets what is added to it)."""
        for attempt in range(1, TRIES + 1):
            answer = await self.ask(make("" if attempt == 1 else f"-{attempt}"))
            if answer.accepted or not answer.retry:
                break
            await asyncio.sleep(RETRY_SECONDS * attempt)
        return answer

    def hear(self, answer: AnswerItem) -> None:
        """An answer has come; one that nobody waits for (any more) is of no use."""
        waiting = self._waiting.get(answer.command)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    async def _send(self, command: Command) -> None:
        while True:
            try:
                return await self._line.send(command)
            except LineDown as down:
                log.warning("line_down", reason=str(down))
                RESENT.labels(self._department, command.name).inc()
                await asyncio.sleep(DOWN_SECONDS)

    def _counted(self, answer: AnswerItem) -> AnswerItem:
        code = "accepted" if answer.accepted else answer.code or "refused"
        COMMANDS.labels(self._department, answer.name, code).inc()
        return answer
