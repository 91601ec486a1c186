"""What routes about people take."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from case_contracts.values import Ref, Shift

Reason = Annotated[str, Field(min_length=1, max_length=300)]
Power = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
Pattern = Annotated[str, Field(pattern=r"^[a-z0-9*?/\[\]-]{1,120}$")]
GRID, PERSON, FROM = "410199001001001", "p-000123", "2026-06-01T00:00:00+08:00"


def shown(**value: Any) -> ConfigDict:
    """Unknown fields are refused; ``value`` is the documented example."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": value})


class _Dated(BaseModel):
    """Without ``valid_from`` it holds from now on; what stands just so keeps its beginning."""

    model_config = ConfigDict(extra="forbid")

    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None


class PostingIn(_Dated):
    """Who holds which role in which grid, on duty in the shifts."""

    posting: Ref
    person: Ref
    role: Ref
    grid: Ref
    accountable: bool = False
    shifts: Annotated[tuple[Shift, ...], Field(max_length=50)] = ()


class PostingsIn(BaseModel):
    """Postings as they are to be, and why."""

    model_config = shown(
        reason="new worker in grid 1",
        postings=[
            {"posting": "posting:410199001001001:worker:2", "person": PERSON, "role": "worker",
             "grid": GRID, "accountable": True, "valid_from": FROM}
        ],
    )  # fmt: skip

    reason: Reason
    postings: Annotated[list[PostingIn], Field(min_length=1, max_length=5000)]


class Table(BaseModel):
    """A table as it was sent."""

    reason: str
    text: str


class Ending(BaseModel):
    """Why; without ``valid_to`` it ends at once."""

    model_config = shown(reason="moved to another street", valid_to=FROM)

    reason: Reason
    valid_to: AwareDatetime | None = None


class PortfolioIn(_Dated):
    """Who is in charge of which departments and matters on a grid's ground. Said again it takes
    the place of what was said, from then on."""

    model_config = shown(reason="division of work 2026", portfolio="portfolio:p-000001",
                         person="p-000001", departments=["urban-management"], matters=["part/*"],
                         grid="410199", valid_from=FROM)  # fmt: skip

    reason: Reason
    portfolio: Ref
    person: Ref
    departments: Annotated[tuple[Ref, ...], Field(max_length=100)] = ()
    matters: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=100)] = ("*",)
    grid: Ref


class SecondmentIn(_Dated):
    """A department's person under a grid's lead, with powers that the department holds there."""

    model_config = shown(
        reason="summer campaign", secondment="secondment:urban-management:1", person="p-000900",
        department="urban-management", grid="410199001001", powers=["inspect"],
        legal_basis="Lanhe District decision on delegated powers 2026, no. 3",
        approved_by=["p-000001", "p-000002"], valid_from=FROM,
        valid_to="2026-12-01T00:00:00+08:00",
    )  # fmt: skip

    reason: Reason
    secondment: Ref
    person: Ref
    department: Ref
    grid: Ref
    powers: Annotated[tuple[Power, ...], Field(min_length=1, max_length=50)]
    legal_basis: Annotated[str, Field(min_length=1, max_length=300)]
    approved_by: Annotated[tuple[Ref, ...], Field(min_length=2, max_length=8)]
    valid_to: AwareDatetime


class ContactGroupIn(_Dated):
    """A person visits a number of households in a grid; which ones is not said."""

    model_config = shown(reason="groups of 2026", group="contact_group:410199001001001:1",
                         grid=GRID, person=PERSON, households=18, valid_from=FROM)  # fmt: skip

    reason: Reason
    group: Ref
    grid: Ref
    person: Ref
    households: Annotated[int, Field(ge=1, le=100_000)]


class HandoverIn(BaseModel):
    """A post goes to somebody else, at once or at ``valid_from``."""

    model_config = shown(reason="rotation", from_posting="posting:410199001001001:worker:1",
                         to_person="p-000124", valid_from=FROM)  # fmt: skip

    reason: Reason
    from_posting: Ref
    to_person: Ref
    valid_from: AwareDatetime | None = None
