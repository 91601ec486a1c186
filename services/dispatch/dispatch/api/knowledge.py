"""Published texts from which inquiries are answered (知识库)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.dispatch import KnowledgePublished
from case_contracts.events.intake.rules import MatterPattern
from case_contracts.values import Instant, Ref, Text
from dispatch.api.doing import Body, Key, submit
from dispatch.commands.publish_knowledge import KnowledgeText, PublishKnowledge
from dispatch.domain.knowledge import KnowledgeState
from dispatch.domain.world import World
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime

router = APIRouter(prefix="/knowledge", tags=["knowledge"])
Reader = Annotated[Principal, Depends(needs("cases.read", "cases.verify", "knowledge.publish"))]
Publisher = Annotated[Principal, Depends(needs("knowledge.publish"))]
After = Annotated[int, Field(ge=0)]
HANDLER = "dispatch.publish-knowledge"


class KnowledgeIn(Body):
    """A whole text; ``after`` is the version that it was written from, 0 for a new one."""

    after: After
    matters: Annotated[tuple[MatterPattern, ...], Field(min_length=1, max_length=50)]
    title: Text
    body: Text
    source: Annotated[str, Field(min_length=1, max_length=300)]
    valid_from: Instant
    valid_to: Instant | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "after": 0,
                    "matters": ["inquiry/*"],
                    "title": {"zh": "停车证如何办理", "en": "How to get a parking permit"},
                    "body": {"zh": "携带行驶证到街道办理。", "en": "Go to the street's centre."},
                    "source": "停车管理办法第七条",
                    "valid_from": "2026-01-01T00:00:00+08:00",
                }
            ]
        }
    )

    def text(self) -> KnowledgeText:
        return KnowledgeText(
            self.matters, self.title, self.body, self.source, self.valid_from, self.valid_to
        )


class KnowledgePage(BaseModel):
    """Texts in force, by id."""

    texts: list[KnowledgePublished]


@router.get("")
async def list_knowledge(
    request: Request, _: Reader, matter: Annotated[str | None, Query(max_length=120)] = None
) -> KnowledgePage:
    """The texts in force; with ``matter`` those that answer inquiries of it."""
    world: World = await request.app.state.runtime.load_world()
    known, now = world.knowledge, clock.now()
    return KnowledgePage(texts=known.about(matter, now) if matter else known.in_force(now))


@router.get("/{knowledge}")
async def show_knowledge(request: Request, knowledge: Ref, _: Reader) -> KnowledgePublished:
    """A text as published last, in force or not."""
    state = await _state(request, knowledge)
    if state.published is None:
        raise NotFound(f"there is no text {knowledge}")
    return state.published


@router.put("/{knowledge}")
async def publish_knowledge(
    request: Request, knowledge: Ref, body: KnowledgeIn, caller: Publisher, key: Key = None
) -> KnowledgePublished:
    """Publish a text, one version up; nothing changes where it says what is in force."""
    return await _do(request, knowledge, PublishKnowledge(body.text(), body.after, caller.id),
                     caller, body, key)  # fmt: skip


@router.delete("/{knowledge}")
async def withdraw_knowledge(
    request: Request, knowledge: Ref, after: Annotated[int, Query(ge=1)], caller: Publisher
) -> KnowledgePublished:
    """No inquiry is answered from it any longer."""
    return await _do(request, knowledge, PublishKnowledge(None, after, caller.id), caller)


async def _do(
    request: Request, knowledge: str, command: PublishKnowledge, caller: Principal,
    body: BaseModel | None = None, key: str | None = None,
) -> KnowledgePublished:  # fmt: skip
    runtime: Runtime = request.app.state.runtime
    await submit(runtime, _id(knowledge), HANDLER, command, caller, body, key)
    published = (await _state(request, knowledge)).published
    assert published is not None
    return published


async def _state(request: Request, knowledge: str) -> KnowledgeState:
    view = request.app.state.runtime.database["view_knowledge"]
    found = await view.find_one({"_id": _id(knowledge)})
    if found is None:
        return KnowledgeState(knowledge=_id(knowledge))
    return KnowledgeState.model_validate(found["state"])


def _id(knowledge: str) -> str:
    return knowledge if knowledge.startswith("knowledge:") else f"knowledge:{knowledge}"
