"""The small district with everything in it that a walk can meet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from case_contracts.events.registry import (
    CharterRevoked,
    MatterAdmitted,
    PostingEnded,
    StandardPublished,
)
from case_contracts.values import Shift
from dispatch.domain.admissions import build_admissions
from dispatch.domain.territory import Territory
from dispatch.domain.world import World, build_standards
from service_kit.charters import build_charters
from service_kit.postings import build_postings
from tests.unit.dispatch.district import (
    ADMITTED,
    CHARTERS,
    FROM,
    IDLE,
    LITTER,
    MANHOLE,
    PATHS,
    POSTINGS,
    QUARREL,
    grid,
    post,
    standard,
    world,
)

ERRAND = "service/elderly/form"
MATTERS = (MANHOLE, LITTER, QUARREL, IDLE, ERRAND)
GROUND: dict[str, list[str]] = {code: list(path) for code, path in PATHS.items()}
DEPARTMENTS = ("um", "wa", "mr")
ALWAYS = Shift.model_validate(
    {"weekdays": [1, 2, 3, 4, 5, 6, 7], "hours": {"start": "00:00", "end": "00:00"}}
)
ON_DUTY = tuple(
    post(*who).model_copy(update={"accountable": False, "shifts": (ALWAYS,)})
    for who in (("p-a", "worker", "u1"), ("p-b", "deputy", "c"))
)
STAFF = (*POSTINGS, *ON_DUTY)
PEOPLE = ("p-w1", "p-w2", "p-lead", "p-boss", "p-a", "p-b", "p-nobody")


def _standard() -> StandardPublished:
    """Errands beside the rest; a manhole without its cover is an emergency."""
    found = standard().model_dump(mode="json")
    quarrel = next(m for m in found["matters"] if m["code"] == QUARREL)
    found["matters"].append({**quarrel, "code": ERRAND, "matter_class": "service"})
    urgent = next(m for m in found["matters"] if m["code"] == MANHOLE)["conditions"]
    urgent.append({**urgent[0], "code": "urgent", "urgent": True})
    return StandardPublished.model_validate(found)


STANDARDS = build_standards([_standard()])
TERRITORY = Territory([grid(code) for code in PATHS])
ADMISSIONS = build_admissions(
    [ADMITTED, MatterAdmitted(
        matter=MANHOLE, proposed_by="um", reviewed_by="p-2", valid_from=FROM
    )]
)  # fmt: skip


def town(moves: Sequence[Any] = (), revoked: Sequence[CharterRevoked] = ()) -> World:
    """``moves`` are the postings that ended and began since, in their order."""
    return replace(
        world(),
        standards=STANDARDS,
        territory=TERRITORY,
        admissions=ADMISSIONS,
        postings=build_postings([*STAFF, *moves]),
        charters=build_charters([*CHARTERS, *revoked]),
    )


def left(number: int, at: datetime, *, replaced: bool) -> list[Any]:
    """A post of the staff is left, and perhaps held by somebody new."""
    leaving = STAFF[number]
    found: list[Any] = [PostingEnded(posting=leaving.posting, valid_to=at)]
    if replaced:
        new = post(f"p-new{number}", leaving.role, leaving.grid)
        found.append(new.model_copy(update={"valid_from": at, "accountable": leaving.accountable}))
    return found


def revoked(number: int, at: datetime) -> CharterRevoked:
    charter = CHARTERS[number]
    return CharterRevoked(
        charter=charter.charter, version=1, department=charter.department, valid_to=at
    )
