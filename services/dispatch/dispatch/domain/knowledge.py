"""Published texts from which inquiries are answered, each with its source."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import KnowledgePublished
from case_contracts.values import Versioned
from service_kit.matters import matches


class Knowledge:
    """All versions of all texts."""

    def __init__(self, published: Iterable[KnowledgePublished] = ()) -> None:
        self._by_id: dict[str, list[KnowledgePublished]] = {}
        for text in sorted(published, key=lambda each: each.version):
            self._by_id.setdefault(text.knowledge, []).append(text)

    def in_force(self, at: datetime) -> list[KnowledgePublished]:
        """Of each text the version that holds then, by id."""
        found = (self.current(knowledge, at) for knowledge in sorted(self._by_id))
        return [text for text in found if text is not None]

    def about(self, matter: str, at: datetime) -> list[KnowledgePublished]:
        """Texts that answer inquiries of this matter."""
        return [text for text in self.in_force(at) if matches(matter, text.matters)]

    def current(self, knowledge: str, at: datetime) -> KnowledgePublished | None:
        """The newest version that holds then; None where it is withdrawn, over or not yet valid."""
        for text in reversed(self._by_id.get(knowledge, [])):
            if text.withdrawn:
                return None
            if text.valid_from <= at and (text.valid_to is None or at < text.valid_to):
                return text
        return None

    def answers(self, reference: Versioned, matter: str, at: datetime) -> bool:
        """Whether this version holds and is about the matter."""
        return any(
            (text.knowledge, text.version) == (reference.id, reference.version)
            for text in self.about(matter, at)
        )


def build_knowledge(events: Iterable[EventData]) -> Knowledge:
    return Knowledge(event for event in events if isinstance(event, KnowledgePublished))


class KnowledgeState(BaseModel):
    """A text as published last."""

    model_config = ConfigDict(frozen=True)

    knowledge: str
    published: KnowledgePublished | None = None

    @property
    def version(self) -> int:
        return self.published.version if self.published else 0
