"""What the API answers."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from assessment.domain.formula import Formula
from assessment.domain.scores import Counted, Figure
from case_contracts.events.assessment import ScorePublished
from case_contracts.values import Text, Versioned

_RATE: dict[str, Any] = {
    "indicator": "on_time",
    "name": {"zh": "按期处置率", "en": "Handled on time"},
    "numerator": 97,
    "denominator": 100,
    "rate": 0.97,
}
_SUBJECT: dict[str, Any] = {
    "subject": "urban-management",
    "published_at": None,
    "figures": [_RATE],
}


class Rate(BaseModel):
    """One indicator; ``rate`` is null where the denominator is 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [_RATE]})

    indicator: str
    name: Text | None
    numerator: int
    denominator: int
    rate: float | None


class SubjectScore(BaseModel):
    """The figures of one department or grid; frozen since ``published_at``, if that is given."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUBJECT]})

    subject: str
    published_at: datetime | None = None
    figures: list[Rate]


class ScoreList(BaseModel):
    """A month's scores. ``over``: the month has ended in the district's zone."""

    period: str
    by: Literal["department", "grid"]
    over: bool
    formula: Versioned
    computed_at: datetime
    scores: list[SubjectScore]


class CountedThing(BaseModel):
    """One thing behind a figure, where it counts, and the events that it rests on."""

    case: str
    task: str | None
    numerator: bool
    denominator: bool
    events: list[str]

    @classmethod
    def of(cls, counted: Counted) -> "CountedThing":
        return cls(
            case=counted.case,
            task=counted.task,
            numerator=counted.numerator,
            denominator=counted.denominator,
            events=list(counted.events),
        )


class Behind(BaseModel):
    """What stands behind a figure; ``cursor`` is to be given as ``after`` for the next page."""

    indicator: str
    numerator: int
    denominator: int
    counted: list[CountedThing]
    cursor: int | None


class Publication(BaseModel):
    """``published`` scores were frozen now, ``before`` had been frozen earlier."""

    period: str
    published: int
    before: int


def rates(figures: tuple[Figure, ...], formula: Formula) -> list[Rate]:
    names = {i.code: i.name for i in formula.indicators}
    return [
        Rate(
            indicator=f.indicator,
            name=names.get(f.indicator),
            numerator=f.numerator,
            denominator=f.denominator,
            rate=f.numerator / f.denominator if f.denominator else None,
        )
        for f in figures
    ]


def frozen(score: ScorePublished, formula: Formula) -> SubjectScore:
    figures = tuple(Figure(f.indicator, f.numerator, f.denominator) for f in score.figures)
    return SubjectScore(
        subject=score.subject,
        published_at=score.published_at,
        figures=rates(figures, formula),
    )
