"""The district's rules for supervision: read, rehearsed, published."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.dispatch import Allowance, LevelRule, SlipRule, Trigger
from case_contracts.values import Limit, Ref
from dispatch.commands.publish_supervision import PublishSupervision
from dispatch.domain.supervision import DEFAULT
from dispatch.domain.supervision_checked import Doubt, doubts
from dispatch.domain.supervision_published import SupervisionContent, SupervisionState
from dispatch.domain.world import World
from service_kit import clock
from service_kit.auth import Principal
from service_kit.changes import Change, differences
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(prefix="/supervision", tags=["supervision"])
Reader = Annotated[
    Principal, Depends(needs("cases.read", "cases.supervise", "supervision.publish"))
]
Publisher = Annotated[Principal, Depends(needs("supervision.publish"))]
DEFAULTS = SupervisionContent.of(DEFAULT)
_ANSWERS: dict[int | str, dict[str, Any]] = {
    409: {"description": "rules_changed: somebody else has published in between"},
    422: {"description": "Not valid, with the fields; or the key came with other rules"},
}


class SupervisionOut(BaseModel):
    """What applies now; version 0 are the defaults of a district that has published none."""

    version: int
    rules: SupervisionContent
    by: Ref | None
    published_at: datetime | None


class SupervisionIn(BaseModel):
    """The whole rules as they are to be; what is left out is the default. ``after`` is the
    version that they were written from."""

    after: Annotated[int, Field(ge=0)]
    slips: Annotated[tuple[SlipRule, ...], Field(max_length=200)] = DEFAULTS.slips
    escalate: Annotated[tuple[Trigger, ...], Field(max_length=20)] = DEFAULTS.escalate
    levels: Annotated[tuple[LevelRule, ...], Field(max_length=100)] = ()
    near_share: Annotated[float, Field(gt=0, lt=1)] = DEFAULTS.near_share
    pauses: Allowance = DEFAULTS.pauses
    extensions: Allowance = DEFAULTS.extensions
    dispatch_limit: Limit | None = DEFAULTS.dispatch_limit
    answer_limit: Limit | None = DEFAULTS.answer_limit
    ruling_limit: Limit | None = DEFAULTS.ruling_limit
    arbiter: Ref | None = None
    spot_checkers: Annotated[tuple[Ref, ...], Field(max_length=200)] = ()

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "after": 0,
                    "slips": [
                        {
                            "trigger": "overdue",
                            "colour": "yellow",
                            "matters": ["*"],
                            "answer": {"amount": 1, "unit": "working_days"},
                        }
                    ],
                    "escalate": ["twice_overdue"],
                    "levels": [{"matters": ["dispute/*"], "level": "community"}],
                    "near_share": 0.25,
                }
            ]
        },
    )

    def content(self) -> SupervisionContent:
        return SupervisionContent.model_validate(self.model_dump(exclude={"after"}))


class SupervisionChanged(BaseModel):
    """What would change, or has; ``doubts`` are no errors, but worth a look."""

    dry_run: bool
    version: int
    changes: list[Change]
    doubts: list[Doubt]


@router.get("")
async def show(request: Request, _: Reader) -> SupervisionOut:
    """The rules for supervision in force, with their version."""
    state = await _current(request.app.state.runtime)
    published = state.published
    return SupervisionOut(
        version=state.version,
        rules=_content(state),
        by=published.by if published else None,
        published_at=published.published_at if published else None,
    )


@router.put("", responses=_ANSWERS)
async def publish(
    request: Request,
    body: SupervisionIn,
    caller: Publisher,
    dry_run: Annotated[bool, Query(description="only say what would change")] = False,
    key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> SupervisionChanged:
    """Publish the rules whole, one version up; nothing where they say what is in force."""
    runtime: Runtime = request.app.state.runtime
    before, content = await _current(runtime), body.content()
    world: World = await runtime.load_world()
    changes = differences(_content(before), content)
    worries = doubts(content, world, clock.now())
    if dry_run:
        version = before.version + bool(changes or before.published is None)
        return SupervisionChanged(dry_run=True, version=version, changes=changes, doubts=worries)
    outcome = await runtime.committer.submit(
        Work(
            aggregate=before.supervision,
            handler="dispatch.publish-supervision",
            cause=derived(caller.id, "PUT /supervision", key or str(uuid.uuid4())),
            command=PublishSupervision(content, body.after, caller.id),
            actor=caller.actor(),
            traceparent=current_traceparent(),
            body_hash=derived(body.model_dump_json()),
        )
    )
    published = [event.data["version"] for event in outcome.events]
    version = published[0] if published else before.version
    return SupervisionChanged(dry_run=False, version=version, changes=changes, doubts=worries)


async def _current(runtime: Runtime) -> SupervisionState:
    """As stored; the mirror of a replica may lag behind."""
    supervision = f"supervision:{runtime.settings.district}"
    found: dict[str, Any] | None = await runtime.database["view_supervision"].find_one(
        {"_id": supervision}
    )
    if found is None:
        return SupervisionState(supervision=supervision)
    return SupervisionState.model_validate(found["state"])


def _content(state: SupervisionState) -> SupervisionContent:
    return SupervisionContent.of(state.published) if state.published else DEFAULTS
