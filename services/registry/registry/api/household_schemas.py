"""What the household routes take and give."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.values import Instant, Ref, Text
from registry.api.schemas import example
from registry.domain.needs import LABELS, NeedKind

Words = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
Note = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
_ENTRY = "household:9f2c4e0b7a614d0c8f1b2a3c4d5e6f70"
_NEED = "need:1b7e9a0c3d5f4e2b8a6c7d8e9f0a1b2c"
_UNTIL = "2029-01-01T00:00:00+08:00"


def _body(said: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", frozen=True, json_schema_extra={"example": said})


class Registration(BaseModel):
    """A household that agreed to be on the register until ``valid_to``, and how it is found:
    ``address`` in words, ``contact`` if it gave one. Both go into the vault alone."""

    model_config = _body(
        {
            "grid": "410199001001101",
            "address": "12 Beijie, 2nd entrance, 301",
            "contact": "+86 371 0000 0000",
            "consented_at": "2026-01-01T09:00:00+08:00",
            "valid_to": _UNTIL,
        }
    )

    grid: Ref
    address: Words
    contact: Words | None = None
    consented_at: Instant
    valid_to: Instant


class NeedIn(BaseModel):
    """A service need that the household agreed to have kept for ``purpose`` until ``valid_to``.
    Nothing but what the service needs belongs into ``note``."""

    model_config = _body(
        {
            "kind": "lives-alone",
            "purpose": "weekly visit by the contact of the group",
            "note": "hard of hearing: knock twice",
            "valid_to": _UNTIL,
        }
    )

    kind: NeedKind
    purpose: Words
    note: Note | None = None
    valid_to: Instant


class HouseholdChange(BaseModel):
    """What was, or with ``dry_run`` would be, said of a household: types of events. ``need`` is
    the one in question; in a dry run nothing has an id yet."""

    dry_run: bool
    entry: str | None
    need: str | None = None
    published: list[str]


class NeedOut(BaseModel):
    need: str
    kind: NeedKind
    name: Text
    purpose: str
    note: str | None
    valid_to: datetime

    @classmethod
    def of(cls, need: str, kept: NeedIn, valid_to: datetime) -> "NeedOut":
        return cls(need=need, kind=kept.kind, name=LABELS[kept.kind], purpose=kept.purpose,
                   note=kept.note, valid_to=valid_to)  # fmt: skip


class HouseholdOut(BaseModel):
    """A household, opened: the reading was written down before."""

    entry: str
    grid: str
    address: str
    contact: str | None
    consented_at: datetime
    valid_to: datetime
    needs: list[NeedOut]


class HouseholdBrief(BaseModel):
    """An entry without what is kept of it."""

    entry: str
    grid: str
    needs: int
    valid_to: datetime


class HouseholdList(BaseModel):
    """``total`` counts those that the caller may see, no others."""

    total: int
    households: list[HouseholdBrief]


class Look(BaseModel):
    """Who did ``what`` with an entry, when and what for: ``read``; ``statistics``, where only
    the kinds of its needs were counted; or the event that changed it."""

    who: str
    on_behalf_of: str | None = None
    what: str
    at: datetime
    purpose: str | None


def changed(need: bool, *published: str) -> dict[str, Any]:
    said = {"dry_run": False, "entry": _ENTRY, "need": _NEED if need else None}
    return example({**said, "published": list(published)})


OPENED = example(
    {
        "entry": _ENTRY,
        "grid": "410199001001101",
        "address": "12 Beijie, 2nd entrance, 301",
        "contact": None,
        "consented_at": "2026-01-01T01:00:00Z",
        "valid_to": _UNTIL,
        "needs": [
            {
                "need": _NEED,
                "kind": "lives-alone",
                "name": {"zh": "独居", "en": "Lives alone"},
                "purpose": "weekly visit by the contact of the group",
                "note": None,
                "valid_to": _UNTIL,
            }
        ],
    }
)
LISTED = example(
    {
        "total": 1,
        "households": [
            {"entry": _ENTRY, "grid": "410199001001101", "needs": 1, "valid_to": _UNTIL}
        ],
    }
)
LOOKED = example(
    [{"who": "p-000123", "on_behalf_of": None, "what": "read", "at": "2026-01-08T01:00:00Z",
      "purpose": "visit"}]
)  # fmt: skip
