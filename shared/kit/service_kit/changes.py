"""Settings that are published whole: in which parts the next version differs from the last."""

from typing import Any

from pydantic import BaseModel


class Change(BaseModel):
    """One part of the rules, as it is and as it is to be."""

    field: str
    before: Any
    after: Any


def differences(before: BaseModel, after: BaseModel) -> list[Change]:
    """The parts in which the two differ."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return [Change(field=f, before=old[f], after=new[f]) for f in new if old[f] != new[f]]
