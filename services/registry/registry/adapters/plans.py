"""The steps of changes that were decided, kept until they are applied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from registry.domain.step import Step, digest, read
from service_kit import clock
from service_kit.mongo import ASCENDING, Database, Document, insert_new
from service_kit.store.model import Actor

CHUNK_BYTES = 1024 * 1024
KEPT = timedelta(days=2)
"""A change that is not applied by then was given up before it was decided."""


@dataclass(frozen=True)
class Plan:
    """What a change comes to, who decided it, and what was answered; ``digest`` is of its steps."""

    change: str
    digest: str
    steps: tuple[Step, ...]
    actor: Actor
    correlation: str
    traceparent: str | None
    answer: dict[str, Any]


class Plans:
    """``change_plans``: one head a plan, with the answer; its steps beside it in chunks.

    A plan is called after its change and what it comes to, since two processes may plan one change
    at the same time, on what stands then: what was decided is never written over by the other.
    """

    def __init__(self, database: Database) -> None:
        self._plans, self._chunks = database["change_plans"], database["change_steps"]

    async def prepare(self) -> None:
        await self._chunks.create_index([("change", ASCENDING)], name="change")

    async def keep(self, plan: Plan) -> None:
        """Store a plan before it is decided; the same one twice is one."""
        name = _name(plan.change, plan.digest)
        if chunks := list(_chunked(plan, name)):
            await insert_new(self._chunks, chunks)
        head = {
            "_id": name,
            "actor": vars(plan.actor),
            "correlation": plan.correlation,
            "traceparent": plan.traceparent,
            "answer": orjson.dumps(plan.answer),
            "at": clock.now(),
        }
        await self._plans.replace_one({"_id": name}, head, upsert=True)

    async def find(self, change: str, decided: str) -> Plan | None:
        """The plan of a change that was decided with this digest; None where its steps are not
        there as they were decided: it is applied, and they are being forgotten."""
        name = _name(change, decided)
        head = await self._head(name)
        chunks = await self._chunks.find({"change": change, "plan": name}).to_list(None)
        chunks.sort(key=lambda chunk: int(chunk["number"]))
        plain = [each for chunk in chunks for each in orjson.loads(chunk["steps"])]
        if digest(plain) != decided:
            return None
        return Plan(
            change, decided, tuple(map(read, plain)), Actor(**head["actor"]), head["correlation"],
            head["traceparent"], orjson.loads(head["answer"]),
        )  # fmt: skip

    async def answer(self, change: str, decided: str) -> dict[str, Any]:
        """What was answered to who decided the change."""
        head = await self._head(_name(change, decided))
        found: dict[str, Any] = orjson.loads(head["answer"])
        return found

    async def forget_steps(self, change: str) -> None:
        """Of a change that is applied; also those of plans of it that were not decided."""
        await self._chunks.delete_many({"change": change})

    async def forget_given_up(self, open_change: str | None) -> None:
        """Delete the steps of what was planned long ago and never decided."""
        before = clock.now() - KEPT
        async for chunk in self._chunks.find({"at": {"$lt": before}}, {"change": 1}):
            if chunk["change"] != open_change:
                await self.forget_steps(chunk["change"])

    async def _head(self, name: str) -> Document:
        found = await self._plans.find_one({"_id": name})
        assert found is not None, f"{name} was decided, so its plan was kept before"
        return found


def _name(change: str, digest: str) -> str:
    return f"{change}:{digest}"


def _chunked(plan: Plan, name: str) -> Iterator[Document]:
    """Documents of about a mebibyte: a district's outlines are larger than one may be."""
    for number, steps in enumerate(_parts(plan.steps)):
        yield {
            "_id": f"{name}:{number}",
            "plan": name,
            "change": plan.change,
            "number": number,
            "steps": b"[" + b",".join(steps) + b"]",
            "at": clock.now(),
        }


def _parts(steps: Sequence[Step]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    size = 0
    for step in steps:
        text = orjson.dumps(step.plain())
        if part and size + len(text) > CHUNK_BYTES:
            yield part
            part, size = [], 0
        part.append(text)
        size += len(text)
    if part:
        yield part
