"""Publish a text from which inquiries are answered, a new version of it, or its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import KnowledgePublished
from case_contracts.values import Text
from dispatch.domain.knowledge import KnowledgeState
from service_kit.changes import check_written_from
from service_kit.errors import Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class KnowledgeText:
    """What a version says; a version is never changed."""

    matters: tuple[str, ...]
    title: Text
    body: Text
    source: str
    valid_from: datetime
    valid_to: datetime | None = None

    @classmethod
    def of(cls, published: KnowledgePublished) -> "KnowledgeText":
        return cls(
            published.matters, published.title, published.body, published.source,
            published.valid_from, published.valid_to,
        )  # fmt: skip


@dataclass(frozen=True)
class PublishKnowledge:
    """``after`` is the version that was looked at when this was written, 0 for none; ``text`` of
    None withdraws it."""

    text: KnowledgeText | None
    after: int
    by: str


def decide(state: KnowledgeState, command: PublishKnowledge, context: Context) -> Decision:
    """One version up; nothing where it says what is in force already.

    Raises Refused ``knowledge_changed`` where somebody has published in between, ``withdrawn``
    where there is nothing to withdraw.
    """
    last = state.published
    check_written_from(command.after, state.version, "knowledge_changed")
    if command.text is None:
        if last is None or last.withdrawn:
            raise Refused("there is no text in force to withdraw", code="withdrawn")
        return [_published(state, command, context, KnowledgeText.of(last), withdrawn=True)]
    if last and not last.withdrawn and KnowledgeText.of(last) == command.text:
        return []
    return [_published(state, command, context, command.text, withdrawn=False)]


def _published(
    state: KnowledgeState, command: PublishKnowledge, context: Context, text: KnowledgeText, *,
    withdrawn: bool,
) -> KnowledgePublished:  # fmt: skip
    return KnowledgePublished(
        knowledge=state.knowledge,
        version=state.version + 1,
        matters=text.matters,
        title=text.title,
        body=text.body,
        source=text.source,
        valid_from=text.valid_from,
        valid_to=text.valid_to,
        withdrawn=withdrawn,
        by=command.by,
        published_at=context.now,
    )


class KnowledgeAggregate:
    """One text with all its versions."""

    kind, schema, state = "knowledge", 1, KnowledgeState

    def initial(self, aggregate: str) -> KnowledgeState:
        return KnowledgeState(knowledge=aggregate)

    def evolve(self, state: KnowledgeState, event: EventData) -> KnowledgeState:
        assert isinstance(event, KnowledgePublished)
        return state.model_copy(update={"published": event})

    def decide(self, state: KnowledgeState, command: Any, context: Context) -> Decision:
        return decide(state, command, context)

    def fields(self, state: KnowledgeState) -> Mapping[str, Any]:
        """It is looked up by its id alone."""
        return {}
