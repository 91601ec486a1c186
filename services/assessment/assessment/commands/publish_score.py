"""Freeze the figures of one department or grid for one month."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from assessment.domain.scores import By
from assessment.domain.scores import Figure as Counted
from case_contracts.events.assessment import Figure, ScorePublished
from case_contracts.values import Versioned
from service_kit.store import Context, Decision


class PeriodState(BaseModel):
    """The published score, once there is one."""

    model_config = ConfigDict(frozen=True)

    published: ScorePublished | None = None


@dataclass(frozen=True)
class PublishScore:
    period: str
    by: By
    subject: str
    formula: Versioned
    figures: tuple[Counted, ...]


def decide(state: PeriodState, command: PublishScore, context: Context) -> Decision:
    """A frozen score stays as it is, whatever has come to light since."""
    if state.published is not None:
        return []
    return [
        ScorePublished(
            period=command.period,
            subject_kind=command.by,
            subject=command.subject,
            formula=command.formula,
            figures=tuple(
                Figure(indicator=f.indicator, numerator=f.numerator, denominator=f.denominator)
                for f in command.figures
            ),
            published_at=context.now,
        )
    ]


def id_of(period: str, by: By, subject: str) -> str:
    return f"period:{period}:{by}:{subject}"
