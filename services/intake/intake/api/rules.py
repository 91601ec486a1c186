"""The district's rules for intake: read, rehearsed, published."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.intake.rules import DuplicateRule, Referral
from case_contracts.values import Ref
from intake.api.schemas import Answers, In
from intake.commands.publish_rules import PublishRules
from intake.domain.rules import DEFAULT_DUPLICATES, DEFAULT_TRIAGE_HOURS
from intake.domain.rules_checked import Doubt, doubts
from intake.domain.rules_published import RulesContent, RulesState
from intake.domain.world import World
from service_kit import clock
from service_kit.auth import Principal
from service_kit.changes import Change, differences
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.runtime import Runtime
from service_kit.store import Work
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(prefix="/rules", tags=["rules"])
Reader = Annotated[Principal, Depends(needs("reports.read", "rules.publish"))]
Publisher = Annotated[Principal, Depends(needs("rules.publish"))]
DEFAULTS = RulesContent(
    duplicates=DEFAULT_DUPLICATES, referrals=(), desk=None, triage_hours=DEFAULT_TRIAGE_HOURS
)
CHANGED: Answers = {
    409: {"description": "rules_changed: somebody else has published in between"},
    422: {"description": "Not valid, with the fields; or the key came with other rules"},
}


class RulesOut(BaseModel):
    """What applies now; version 0 are the defaults of a district that has published none."""

    version: int
    rules: RulesContent
    by: Ref | None
    published_at: datetime | None


class RulesIn(In):
    """The whole rules as they are to be; ``after`` is the version that they were written from."""

    after: Annotated[int, Field(ge=0)]
    duplicates: Annotated[tuple[DuplicateRule, ...], Field(max_length=100)] = ()
    referrals: Annotated[tuple[Referral, ...], Field(max_length=200)] = ()
    desk: Ref | None = None
    triage_hours: Annotated[float, Field(gt=0, le=720)] = DEFAULT_TRIAGE_HOURS

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "after": 0,
                    "duplicates": [
                        {"matters": ["part/*"], "metres": 60, "hours": 72, "link_from": 0.8}
                    ],
                    "referrals": [
                        {
                            "reasons": ["outside_district"],
                            "turn_to": {"zh": "请拨打12345。", "en": "Please call 12345."},
                        }
                    ],
                    "desk": None,
                    "triage_hours": 4,
                }
            ]
        }
    )

    def content(self) -> RulesContent:
        return RulesContent(
            duplicates=self.duplicates,
            referrals=self.referrals,
            desk=self.desk,
            triage_hours=self.triage_hours,
        )


class RulesChanged(BaseModel):
    """What would change, or has; ``doubts`` are no errors, but worth a look."""

    dry_run: bool
    version: int
    changes: list[Change]
    doubts: list[Doubt]


@router.get("")
async def show(request: Request, _: Reader) -> RulesOut:
    """The rules in force, with their version."""
    state = await _current(request.app.state.runtime)
    published = state.published
    return RulesOut(
        version=state.version,
        rules=_content(state),
        by=published.by if published else None,
        published_at=published.published_at if published else None,
    )


@router.put("", responses=CHANGED)
async def publish(
    request: Request,
    body: RulesIn,
    caller: Publisher,
    dry_run: Annotated[bool, Query(description="only say what would change")] = False,
    key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
) -> RulesChanged:
    """Publish the rules whole, one version up; nothing where they say what is in force."""
    runtime: Runtime = request.app.state.runtime
    before, content = await _current(runtime), body.content()
    world: World = await runtime.load_world()
    changes = differences(_content(before), content)
    worries = doubts(content, world, clock.now())
    if dry_run:
        version = before.version + bool(changes or before.published is None)
        return RulesChanged(dry_run=True, version=version, changes=changes, doubts=worries)
    outcome = await runtime.committer.submit(
        Work(
            aggregate=before.rules,
            handler="intake.publish-rules",
            cause=derived(caller.id, "PUT /rules", key or str(uuid.uuid4())),
            command=PublishRules(content, body.after, caller.id),
            actor=caller.actor(),
            traceparent=current_traceparent(),
            body_hash=derived(body.model_dump_json()),
        )
    )
    published = [event.data["version"] for event in outcome.events]
    version = published[0] if published else before.version
    return RulesChanged(dry_run=False, version=version, changes=changes, doubts=worries)


async def _current(runtime: Runtime) -> RulesState:
    rules = f"rules:{runtime.settings.district}"
    found: dict[str, Any] | None = await runtime.database["view_rules"].find_one({"_id": rules})
    return RulesState(rules=rules) if found is None else RulesState.model_validate(found["state"])


def _content(state: RulesState) -> RulesContent:
    return RulesContent.of(state.published) if state.published else DEFAULTS
