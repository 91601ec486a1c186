"""The rules for supervision as the district has published them, one version after the other."""

from pydantic import BaseModel, ConfigDict

from case_contracts.events.dispatch import (
    Allowance,
    LevelRule,
    SlipRule,
    SupervisionPublished,
    Trigger,
)
from case_contracts.values import Limit


class SupervisionContent(BaseModel):
    """What the rules say, without their version. Of slips for one trigger the first that names
    the matter applies; an empty list: none is issued by itself."""

    model_config = ConfigDict(frozen=True)

    slips: tuple[SlipRule, ...]
    escalate: tuple[Trigger, ...]
    levels: tuple[LevelRule, ...]
    near_share: float
    pauses: Allowance
    extensions: Allowance
    dispatch_limit: Limit | None
    answer_limit: Limit | None
    ruling_limit: Limit | None
    arbiter: str | None
    spot_checkers: tuple[str, ...]

    @classmethod
    def of(cls, published: SupervisionPublished) -> "SupervisionContent":
        return cls.model_validate(published.model_dump(include=set(cls.model_fields)))


class SupervisionState(BaseModel):
    """The rules as published last; None until the district has published some."""

    model_config = ConfigDict(frozen=True)

    supervision: str
    published: SupervisionPublished | None = None

    @property
    def version(self) -> int:
        return self.published.version if self.published else 0
