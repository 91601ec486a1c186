"""Rounds as they come in and go out over HTTP."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.events.intake import RoundEach, RoundKind, RoundPer, RoundPlanned
from case_contracts.values import Instant, Ref, Text
from intake.api.schemas import In
from intake.domain.round_due import Standing

SMALL = 5
"""Fewer households than this are not told (domain.md)."""


class RoundIn(In):
    """``times`` visits ``per`` month, quarter or year to ``each`` contact group on the ground of
    ``grids`` (or to the named ``groups``), or to each lowest grid there."""

    name: Text
    kind: RoundKind = RoundKind.ROUTINE
    each: RoundEach = RoundEach.GROUP
    grids: Annotated[tuple[Ref, ...], Field(max_length=200)] = ()
    groups: Annotated[tuple[Ref, ...], Field(max_length=500)] = ()
    times: Annotated[int, Field(ge=1, le=100, strict=True)]
    per: RoundPer
    valid_from: Instant
    valid_to: Instant | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": {"zh": "每月三次走访", "en": "Three visits a month"},
                    "kind": "routine",
                    "grids": ["410199"],
                    "times": 3,
                    "per": "month",
                    "valid_from": "2026-01-01T00:00:00+08:00",
                },
                {
                    "name": {"zh": "每年六次集中走访", "en": "Six concentrated visits a year"},
                    "kind": "concentrated",
                    "grids": ["410199"],
                    "times": 6,
                    "per": "year",
                    "valid_from": "2026-01-01T00:00:00+08:00",
                },
            ]
        }
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> "RoundIn":
        if bool(self.grids) == bool(self.groups):
            raise ValueError("name grids or contact groups, one of the two")
        if self.groups and self.each is RoundEach.GRID:
            raise ValueError("each: grid goes with grids, not with groups")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to must lie after valid_from")
        return self


class RoundPut(BaseModel):
    """The round as it is planned now, or with ``dry_run`` would be. ``targets``: how many groups
    or grids it asks to visit."""

    round: RoundPlanned
    changed: bool
    dry_run: bool
    targets: int


class Ending(In):
    """From when on nothing more is asked for."""

    valid_to: Instant

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"valid_to": "2026-07-01T00:00:00+08:00"}]}
    )


class RoundEnding(BaseModel):
    """The round asks for no more visits from ``valid_to`` on."""

    round: Ref
    valid_to: Instant
    changed: bool


class DueRow(BaseModel):
    """A group or grid in a round's present period. ``due_at``: by when the next visit is to be
    made; null when all are. ``households`` is null where it is not known or fewer than five."""

    round: Ref
    round_name: Text
    kind: RoundKind
    target: Ref
    grid: Ref
    contacts: list[Ref]
    households: int | None
    expected: int
    done: int
    missing: int
    due_at: datetime | None
    overdue: bool
    last_visit: datetime | None
    period_from: datetime
    period_to: datetime


class Due(BaseModel):
    """Who is due next, the most overdue first. This orders work; it is no figure of anybody's,
    and nothing counts visits by person."""

    at: datetime
    rows: list[DueRow]


class Progress(BaseModel):
    """Each group or grid of a round, by id; ``cursor`` is to be given as ``after``."""

    round: Ref
    at: datetime
    rows: list[DueRow]
    cursor: str | None


def due_row(plan: RoundPlanned, each: Standing, now: datetime) -> DueRow:
    few = each.target.households is not None and each.target.households < SMALL
    return DueRow(
        round=plan.round,
        round_name=plan.name,
        kind=plan.kind,
        target=each.target.id,
        grid=each.target.grid,
        contacts=list(each.target.contacts),
        households=None if few else each.target.households,
        expected=each.expected,
        done=each.done,
        missing=each.missing,
        due_at=each.due_at,
        overdue=each.overdue(now),
        last_visit=each.last,
        period_from=each.period.start,
        period_to=each.period.end,
    )
