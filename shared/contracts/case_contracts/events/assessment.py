"""Events of assessment: published, frozen figures."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.values import Instant, Ref, Versioned


class Figure(EventData):
    """One indicator: its numerator and denominator; no rate where the denominator is 0."""

    indicator: str
    numerator: Annotated[int, Field(ge=0)]
    denominator: Annotated[int, Field(ge=0)]


@event("score.published", owner="assessment", aggregate="period")
class ScorePublished(EventData):
    """The figures of one department or grid for one month, frozen at ``published_at``."""

    period: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    subject_kind: Annotated[str, Field(pattern="^(department|grid)$")]
    subject: Ref
    formula: Versioned
    figures: tuple[Figure, ...]
    published_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "period": "2026-01",
        "subject_kind": "department",
        "subject": "urban-management",
        "formula": {"id": "default", "version": 1},
        "figures": [{"indicator": "on_time", "numerator": 97, "denominator": 100}],
        "published_at": "2026-02-01T00:00:00+08:00",
    }
