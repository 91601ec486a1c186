"""Which departments are to be connected, as the registry says."""

from collections.abc import Iterable

from pydantic import BaseModel, TypeAdapter

from case_contracts.values import Ref, Text
from civicgrid.client import Api, As
from civicgrid.local import LocalError

READER = As("operator", "registry.read", "operator")


class Registered(BaseModel):
    """A department with its charter entries; ``name`` None: nobody has registered it."""

    department: Ref
    name: Text | None
    in_force: list[str]
    to_come: list[str]

    @property
    def chartered(self) -> bool:
        return bool(self.in_force or self.to_come)


_ROWS: TypeAdapter[list[Registered]] = TypeAdapter(list[Registered])


async def registered(api: Api) -> list[Registered]:
    """All departments. LocalError where there is none, or entries name one that is unknown."""
    found = _ROWS.validate_python(await api.get("registry", "/departments", READER))
    if not found:
        raise LocalError(
            "the registry knows no department",
            "load the district (`civicgrid load-district DIR`), or register the department with it",
        )
    refuse_unknown(found)
    return found


def refuse_unknown(found: Iterable[Registered]) -> None:
    """LocalError naming departments that have charter entries and are not registered."""
    unknown = [row for row in found if row.name is None]
    if unknown:
        told = [f"{row.department} ({', '.join(row.in_force + row.to_come)})" for row in unknown]
        raise LocalError(
            f"charter entries name departments that are not registered: {'; '.join(told)}",
            "register them (district.yaml, `departments`), or revoke the entries:"
            " `civicgrid registry charters revoke CHARTER`",
        )
