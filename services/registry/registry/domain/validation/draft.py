"""A district as it was read: each part typed, with the place it came from."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from case_contracts.district import DistrictPart, Origin, Raw
from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CalendarPublished,
    CharterGranted,
    CommitmentPublished,
    ContactGroupFormed,
    DepartmentRegistered,
    DistrictPublished,
    GridPublished,
    MatterAdmitted,
    PortfolioAssigned,
    PostingStarted,
    SecondmentStarted,
    StandardPublished,
)
from registry.domain.validation.findings import Findings

D = TypeVar("D", bound=EventData)
ID_LENGTH = 140
"""Of what becomes part of an aggregate's id and so of an event's subject."""


@dataclass(frozen=True)
class Placed(Generic[D]):
    """One valid item with its origin."""

    origin: Origin
    data: D


@dataclass(frozen=True)
class Names:
    """The ids that the files mention as things of their own, in order or not.

    Whoever refers to a thing that is there but wrong is not at fault as well.
    """

    grids: frozenset[str]
    departments: frozenset[str]
    matters: frozenset[str]


@dataclass(frozen=True)
class Draft:
    """All that is valid in itself. None: that part is not."""

    head: Placed[DistrictPublished] | None
    calendar: Placed[CalendarPublished] | None
    standard: Placed[StandardPublished] | None
    departments: list[Placed[DepartmentRegistered]]
    grids: list[Placed[GridPublished]]
    postings: list[Placed[PostingStarted]]
    portfolios: list[Placed[PortfolioAssigned]]
    secondments: list[Placed[SecondmentStarted]]
    contact_groups: list[Placed[ContactGroupFormed]]
    charters: list[Placed[CharterGranted]]
    admissions: list[Placed[MatterAdmitted]]
    commitments: list[Placed[CommitmentPublished]]
    names: Names

    def things(self) -> Iterator[Placed[Any]]:
        """Everything, in the order in which it is published."""
        one = (self.calendar, self.standard)
        yield from (each for each in one if each)
        several: tuple[list[Any], ...] = (
            self.departments, self.grids, self.postings, self.portfolios, self.secondments,
            self.contact_groups, self.charters, self.admissions, self.commitments,
        )  # fmt: skip
        for each in several:
            yield from each
        if self.head:
            yield self.head


def draft(bundle: DistrictPart, findings: Findings) -> Draft:
    """Read every item; what cannot be read is an error with its file, line and field."""
    grids = [_without_path(grid, findings) for grid in bundle.grids]
    return Draft(
        head=_one(bundle.head, DistrictPublished, findings),
        calendar=_one(bundle.calendar, CalendarPublished, findings),
        standard=_one(bundle.standard, StandardPublished, findings),
        departments=_all(bundle.departments, DepartmentRegistered, findings),
        grids=_all(grids, GridPublished, findings),
        postings=_all(bundle.postings, PostingStarted, findings),
        portfolios=_all(bundle.portfolios, PortfolioAssigned, findings),
        secondments=_all(bundle.secondments, SecondmentStarted, findings),
        contact_groups=_all(bundle.contact_groups, ContactGroupFormed, findings),
        charters=_all(bundle.charters, CharterGranted, findings),
        admissions=_all(bundle.admissions, MatterAdmitted, findings),
        commitments=_all(bundle.commitments, CommitmentPublished, findings),
        names=_names(bundle),
    )


def _one(raw: Raw | None, model: type[D], findings: Findings) -> Placed[D] | None:
    if raw is None:
        return None
    try:
        return Placed(raw.origin, model.model_validate(raw.value, extra="forbid"))
    except ValidationError as error:
        _explain(error, raw.origin, findings)
        return None


def _all(raws: Iterable[Raw], model: type[D], findings: Findings) -> list[Placed[D]]:
    return [placed for raw in raws if (placed := _one(raw, model, findings))]


def _explain(error: ValidationError, origin: Origin, findings: Findings) -> None:
    found = error.errors(include_url=False, include_input=False, include_context=False)
    places = [each["loc"] for each in found]
    for each in found:
        loc = each["loc"]
        # An outer "too short" only repeats that something within was left out as wrong.
        if any(len(place) > len(loc) and place[: len(loc)] == loc for place in places):
            continue
        field = ".".join(str(step) for step in loc) or "the whole item"
        code = "field_unknown" if each["type"] == "extra_forbidden" else "field_invalid"
        code = "field_missing" if each["type"] == "missing" else code
        findings.error(code, origin.at(loc), f"{field}: {each['msg']}", _hint(code, field))


def _hint(code: str, field: str) -> str:
    return {
        "field_unknown": f"remove {field}, or correct its name",
        "field_missing": f"add {field}",
    }.get(code, f"correct {field}")


def _without_path(grid: Raw, findings: Findings) -> Raw:
    if "path" in grid.value:
        said = "path: it follows from the parents"
        findings.error("field_unknown", grid.origin.at(("path",)), said, "remove path")
    return grid.model_copy(update={"value": {**grid.value, "path": ()}})


def _names(bundle: DistrictPart) -> Names:
    matters = bundle.standard.value.get("matters") if bundle.standard else None
    listed = matters if isinstance(matters, list) else []
    return Names(
        grids=_ids((raw.value for raw in bundle.grids), "grid"),
        departments=_ids((raw.value for raw in bundle.departments), "department"),
        matters=_ids((each for each in listed if isinstance(each, Mapping)), "code"),
    )


def _ids(values: Iterable[Mapping[str, Any]], key: str) -> frozenset[str]:
    return frozenset(value[key] for value in values if isinstance(value.get(key), str))
