"""Indicators as versioned data: each states its numerator and denominator."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assessment.domain.predicates import PREDICATES
from case_contracts.values import Code, Ref, Text, Versioned


class Term(BaseModel):
    """So many of ``count`` for which all of ``where`` is true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: str
    where: Annotated[tuple[str, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _known(self) -> "Term":
        known = PREDICATES.get(self.count)
        if known is None:
            raise ValueError(f"{self.count} cannot be counted, only {', '.join(PREDICATES)}")
        unknown = set(self.where) - set(known)
        if unknown:
            raise ValueError(f"of {self.count} nobody knows {', '.join(sorted(unknown))}")
        return self


class Indicator(BaseModel):
    """A rate. Several terms of one side are added."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    name: Text
    numerator: Annotated[tuple[Term, ...], Field(min_length=1)]
    denominator: Annotated[tuple[Term, ...], Field(min_length=1)]


class Formula(BaseModel):
    """A version of the indicators; published scores name it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Ref
    version: Annotated[int, Field(ge=1)]
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> "Formula":
        codes = [i.code for i in self.indicators]
        if len(set(codes)) < len(codes):
            raise ValueError("an indicator's code is there twice")
        return self

    @property
    def reference(self) -> Versioned:
        return Versioned(id=self.id, version=self.version)


def read_formula(raw: Mapping[str, Any]) -> Formula:
    """The formula; raises ValidationError naming what is wrong in which indicator."""
    return Formula.model_validate(raw)
