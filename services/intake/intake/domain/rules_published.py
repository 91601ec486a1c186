"""The rules as the district has published them, one version after the other."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import RulesPublished
from case_contracts.events.intake.rules import DuplicateRule, Referral
from intake.domain.deciding import Deciding


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
