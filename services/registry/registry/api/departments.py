"""Departments: which there are, and what each answers for."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.district import ChangeResult, DistrictPart, Item, Origin
from case_contracts.events.registry import DepartmentRegistered
from case_contracts.values import Text
from registry.api.answers import READ, REFUSALS, When, Writer
from registry.api.changing import CHANGED, DryRun, Key, change_part
from registry.api.schemas import example
from registry.domain.chartering.departments import chartered
from registry.views.known import Known

router = APIRouter(
    prefix="/departments", tags=["departments"], dependencies=READ, responses=REFUSALS
)


class DepartmentOut(BaseModel):
    """``name`` is null where charter entries name a department that nobody has registered."""

    model_config = ConfigDict(from_attributes=True)

    department: str
    name: Text | None
    in_force: list[str]
    to_come: list[str]


class DepartmentIn(BaseModel):
    """Its id, as in its vhost's name and in charter entries, and what people call it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": DepartmentRegistered.EXAMPLE}
    )

    department: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    name: Text


_ROW = DepartmentRegistered.EXAMPLE | {
    "in_force": ["charter:urban-management:parts"],
    "to_come": [],
}


@router.get("", responses={200: example([_ROW])})
async def listed(request: Request, when: When) -> list[DepartmentOut]:
    """Every department with its charter entries in force and to come; ended ones are left out."""
    known: Known = request.app.state.runtime.extras["known"]
    said = await known.read(["department", "charter"])
    return [DepartmentOut.model_validate(each) for each in chartered(said, when)]


@router.post("", responses=CHANGED)
async def register(
    request: Request, body: DepartmentIn, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """Register a department, so that charter entries can name it; said again with another name,
    it is called so from now on."""
    raw = Item(origin=Origin(file="department"), value=body.model_dump(mode="json"))
    return await change_part(
        request, caller, body, lambda _: DistrictPart(departments=[raw]), kinds=("department",),
        kind="register-department", about=[f"department:{body.department}"], purpose=None,
        key=key, dry_run=dry_run,
    )  # fmt: skip
