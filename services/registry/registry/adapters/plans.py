"""The steps of changes that were decided, kept until they are applied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from registry.domain.step import Step, read
from service_kit import clock
from service_kit.mongo import ASCENDING, Database, Document
from service_kit.store.model import Actor

CHUNK_BYTES = 1024 * 1024
KEPT = timedelta(days=2)
"""A change that is not applied by then was given up before it was decided."""


@dataclass(frozen=True)
class Plan:
    """What a change comes to, who decided it, and what was answered."""

    change: str
    steps: tuple[Step, ...]
    actor: Actor
    correlation: str
    traceparent: str | None
    answer: dict[str, Any]


class Plans:
    """``change_plans``: one head a change, with the answer; its steps beside it in chunks."""

    def __init__(self, database: Database) -> None:
        self._plans, self._chunks = database["change_plans"], database["change_steps"]

    async def prepare(self) -> None:
        await self._chunks.create_index([("change", ASCENDING)], name="change")

    async def keep(self, plan: Plan) -> None:
        """Store a plan in place of one of the same change that was never decided."""
        await self.forget_steps(plan.change)
        chunks = list(_chunked(plan))
        if chunks:
            await self._chunks.insert_many(chunks)
        head = {
            "_id": plan.change,
            "actor": vars(plan.actor),
            "correlation": plan.correlation,
            "traceparent": plan.traceparent,
            "answer": orjson.dumps(plan.answer),
            "at": clock.now(),
        }
        await self._plans.replace_one({"_id": plan.change}, head, upsert=True)

    async def find(self, change: str) -> Plan:
        """The plan of a change that was decided and is not applied yet."""
        head = await self._head(change)
        chunks = [d async for d in self._chunks.find({"change": change})]
        ordered = sorted(chunks, key=lambda chunk: int(chunk["number"]))
        steps = tuple(read(each) for chunk in ordered for each in orjson.loads(chunk["steps"]))
        return Plan(
            change, steps, Actor(**head["actor"]), head["correlation"], head["traceparent"],
            orjson.loads(head["answer"]),
        )  # fmt: skip

    async def answer(self, change: str) -> dict[str, Any]:
        """What was answered to who decided the change."""
        found: dict[str, Any] = orjson.loads((await self._head(change))["answer"])
        return found

    async def forget_steps(self, change: str) -> None:
        await self._chunks.delete_many({"change": change})

    async def forget_given_up(self, open_change: str | None) -> None:
        """Delete the steps of what was planned long ago and never decided."""
        before = clock.now() - KEPT
        async for chunk in self._chunks.find({"at": {"$lt": before}}, {"change": 1}):
            if chunk["change"] != open_change:
                await self.forget_steps(chunk["change"])

    async def _head(self, change: str) -> Document:
        found = await self._plans.find_one({"_id": change})
        assert found is not None, f"{change} was decided, so its plan was kept before"
        return found


def _chunked(plan: Plan) -> Iterator[Document]:
    """Documents of about a mebibyte: a district's outlines are larger than one may be."""
    for number, steps in enumerate(_parts(plan.steps)):
        yield {
            "_id": f"{plan.change}:{number}",
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
