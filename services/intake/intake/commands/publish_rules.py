"""Publish the district's rules for intake: duplicates, triage, where to turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import RulesPublished
from case_contracts.events.intake.rules import DuplicateRule, Referral
from intake.domain.deciding import Deciding
from service_kit.errors import Refused
from service_kit.store.model import Context, Decision


class RulesContent(BaseModel):
    """What the rules say, without their version. ``duplicates`` as an empty list: reports are
    never taken for one problem; the first rule that names a matter applies."""

    model_config = ConfigDict(frozen=True)

    duplicates: tuple[DuplicateRule, ...]
    referrals: tuple[Referral, ...]
    desk: str | None
    triage_hours: float

    @classmethod
    def of(cls, published: RulesPublished) -> "RulesContent":
        return cls.model_validate(published.model_dump(include=set(cls.model_fields)))


class RulesState(BaseModel):
    """The rules as published last; None until the district has published some."""

    model_config = ConfigDict(frozen=True)

    rules: str
    published: RulesPublished | None = None

    @property
    def version(self) -> int:
        return self.published.version if self.published else 0


@dataclass(frozen=True)
class PublishRules:
    """``after`` is the version that was looked at when these were written; 0 for none."""

    content: RulesContent
    after: int
    by: str


def publish_rules(state: RulesState, command: PublishRules, context: Context) -> Decision:
    """``rules.published``, one version up; nothing where they say what is in force already.

    Raises Refused ``rules_changed`` where somebody else has published in between.
    """
    if state.published and RulesContent.of(state.published) == command.content:
        return []
    if command.after != state.version:
        raise Refused(
            f"version {state.version} has been published meanwhile: look at it, and send again"
            f" with after={state.version}",
            code="rules_changed",
        )
    return [
        RulesPublished(
            rules=state.rules,
            version=state.version + 1,
            by=command.by,
            published_at=context.now,
            **dict(command.content),
        )
    ]


class RulesAggregate(Deciding[RulesState]):
    """One for the district."""

    kind, schema, state = "rules", 1, RulesState

    def initial(self, aggregate: str) -> RulesState:
        return RulesState(rules=aggregate)

    def evolve(self, state: RulesState, event: EventData) -> RulesState:
        assert isinstance(event, RulesPublished)
        return state.model_copy(update={"published": event})

    def fields(self, state: RulesState) -> Mapping[str, Any]:
        return {}
