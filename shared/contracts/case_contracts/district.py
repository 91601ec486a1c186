"""A district as it is loaded: what ``civicgrid load-district DIR`` reads and the registry takes.

In a directory it is one ``district.yaml`` (name, levels, zone, departments, admissions),
``grids/<level>.geojson``, ``postings.csv``, ``portfolios.csv``, ``charters.yaml``,
``standard.yaml`` and ``calendar.yaml``. Each item remembers the file and line it came from, so
that an error can name them. Nothing is applied unless everything is valid.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.values import Instant

T = TypeVar("T")


class Origin(BaseModel):
    """Where an item was read: file within the directory, line (from 1) where known.

    ``parts`` are the lines of what is nested in it, by dotted path (``matters.12.name``).
    """

    model_config = ConfigDict(frozen=True)

    file: str
    line: int | None = None
    parts: dict[str, int] = {}

    @property
    def place(self) -> str:
        """For people: the file and, where it is known, the line."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def at(self, path: Sequence[str | int]) -> "Origin":
        """The origin of the part at ``path`` (a validation error's ``loc``), as near as known."""
        for end in range(len(path), 0, -1):
            line = self.parts.get(".".join(str(step) for step in path[:end]))
            if line is not None:
                return Origin(file=self.file, line=line)
        return Origin(file=self.file, line=self.line)


class Item(BaseModel, Generic[T]):
    """One raw item, not yet validated, with its origin."""

    model_config = ConfigDict(frozen=True)

    origin: Origin
    value: T


Raw = Item[dict[str, Any]]


class DistrictPart(BaseModel):
    """Some things of a district, raw: the registry validates them together with what stands.

    Item values have the fields of the registry's event payloads (``GridPublished``,
    ``PostingStarted``, ``PortfolioAssigned``, ``CharterGranted``, ``StandardPublished``,
    ``CalendarPublished``, ``DepartmentRegistered``, ``MatterAdmitted``, ``SecondmentStarted``,
    ``ContactGroupFormed``, ``CommitmentPublished``), ``head`` those of ``DistrictPublished``;
    a grid's ``path`` is left out and computed from the parents.
    """

    model_config = ConfigDict(extra="forbid")

    head: Raw | None = None
    departments: list[Raw] = []
    grids: list[Raw] = []
    postings: list[Raw] = []
    portfolios: list[Raw] = []
    secondments: list[Raw] = []
    contact_groups: list[Raw] = []
    charters: list[Raw] = []
    admissions: list[Raw] = []
    commitments: list[Raw] = []
    standard: Raw | None = None
    calendar: Raw | None = None


class DistrictBundle(DistrictPart):
    """Everything of one district, raw: the registry validates it whole and lists every error."""

    head: Raw
    standard: Raw
    calendar: Raw


class DistrictError(BaseModel):
    """One thing that is wrong with a district: a stable code, where, what, and what to do.

    ``grids`` are the codes of the grids whose ground it is about, for a map of them.
    """

    code: str
    origin: Origin | None = None
    message: str
    hint: str
    grids: tuple[str, ...] = ()


class Said(BaseModel):
    """What a change says of one thing: the types of its events, from when on, and which version
    of it they are about."""

    aggregate: str
    events: list[str]
    valid_from: Instant | None = None
    version: int | None = None


class ChangeResult(BaseModel):
    """What a change of the registry published, or would publish when ``dry_run``.

    ``things`` lists the first thousand things it concerns; ``map`` is an SVG picture of the
    grids that a warning names, where a map was asked for.
    """

    dry_run: bool
    published: dict[str, int]
    things: list[Said] = []
    warnings: list[DistrictError] = []
    map: str | None = None
    at: Instant


class UnledMatters(BaseModel):
    """Matters that nobody leads anywhere on a grid's ground: they fall to the grid where they
    lie, which may be meant."""

    grid: str
    matters: list[str]


class LoadResult(BaseModel):
    """What a load published, or would publish when ``dry_run``; ``unled`` is by ground, from the
    top down, a thousand grounds at most."""

    district: str
    dry_run: bool
    published: dict[str, int]
    unchanged: Annotated[int, Field(ge=0)] = 0
    warnings: list[DistrictError] = []
    unled: list[UnledMatters] = []
    at: Instant | None = None
