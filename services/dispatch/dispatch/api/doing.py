"""Doing something with a case for a caller: submitted once per key, answered with the case."""

import uuid
from typing import Annotated, Any

from fastapi import Header, Request
from pydantic import BaseModel, ConfigDict, Field

from dispatch.views import cases, sight
from service_kit.auth import Principal
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Outcome, Work

Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
ReasonCode = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]
Words = Annotated[str, Field(min_length=1, max_length=4000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


async def submit(
    runtime: Runtime, aggregate: str, handler: str, command: Any, caller: Principal,
    body: BaseModel | None, key: str | None,
) -> Outcome:  # fmt: skip
    """Once for each key, which belongs to this caller, act and thing; another body under the same
    key is refused."""
    return await runtime.committer.submit(
        Work(
            aggregate=aggregate,
            handler=handler,
            cause=derived(caller.id, handler, aggregate, key) if key else str(uuid.uuid4()),
            command=command,
            actor=caller.actor(),
            body_hash=derived(body.model_dump_json()) if key and body else None,
        )
    )


async def do(
    request: Request, case: str, handler: str, command: Any, caller: Principal,
    body: BaseModel, key: str | None,
) -> dict[str, Any]:  # fmt: skip
    """Submit, and answer with the case as it is then; NotFound where it is not theirs to see."""
    runtime: Runtime = request.app.state.runtime
    await sight.find(runtime, case, caller)
    await submit(runtime, case, handler, command, caller, body, key)
    return (await cases.find(runtime.database, case)).model_dump(mode="json")
