"""Rules that are published whole, version after version: in what the next one differs, and that
nobody overwrites what was published meanwhile."""

from typing import Any

from pydantic import BaseModel

from service_kit.errors import Refused


class Change(BaseModel):
    """One part of the rules, as it is and as it is to be."""

    field: str
    before: Any
    after: Any


def differences(before: BaseModel, after: BaseModel) -> list[Change]:
    """The parts in which the two differ."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return [Change(field=f, before=old[f], after=new[f]) for f in new if old[f] != new[f]]


def check_written_from(after: int, version: int, code: str = "rules_changed") -> None:
    """``after`` is the version that the new one was written from, 0 for none. Raises Refused where
    another one, ``version``, has been published since."""
    if after != version:
        raise Refused(
            f"version {version} has been published meanwhile: look at it, and send again"
            f" with after={version}",
            code=code,
        )
