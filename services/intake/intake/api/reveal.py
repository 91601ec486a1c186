"""What the vault may be looked into for, and who has looked."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from case_contracts.values import Instant, Ref, Text
from intake.adapters.audit import note
from intake.domain import purposes
from intake.domain.purposes import PURPOSES
from intake.views import revealed
from intake.views.revealed import Place
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Forbidden, Invalid
from service_kit.http.access import needs

Purpose = Annotated[
    purposes.Purpose,
    Query(description="What for: one of those that `GET /vault/purposes` lists"),
]
For = Annotated[
    Ref | None,
    Query(alias="for", description="The person on whose behalf a service looks; written down"),
]
LONGEST = timedelta(days=366)
Cursor = Annotated[
    str | None, Query(pattern=r"^[0-9TZ:.+-]{20,40}\|[0-9]{1,9}$", description="Of the page before")
]
router = APIRouter(prefix="/vault", tags=["vault"])


class PurposeOut(BaseModel):
    """A purpose that is accepted, and what it means to people."""

    purpose: purposes.Purpose
    name: Text


class Look(BaseModel):
    """That somebody looked into the vault: at what, when, and what for. Never what they saw.
    ``on_behalf_of`` is the person to whom a service showed it."""

    at: datetime
    who: str
    kind: str
    what: str
    subject: str
    purpose: str
    on_behalf_of: str | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "at": "2026-01-06T02:00:00Z",
                    "who": "p-000201",
                    "kind": "staff",
                    "what": "contact",
                    "subject": "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d",
                    "purpose": "callback",
                    "on_behalf_of": None,
                }
            ]
        }
    )


class Looks(BaseModel):
    """A page of the trail, oldest first; ``cursor`` leads on, null at the end."""

    looks: list[Look]
    cursor: str | None


@router.get("/purposes")
async def list_purposes(
    caller: Annotated[Principal, Depends(needs("vault.read", "vault.erase", "audit.read"))],
) -> list[PurposeOut]:
    """What the vault may be looked into for."""
    return [PurposeOut(purpose=each, name=name) for each, name in PURPOSES.items()]


@router.get("/audit")
async def trail(
    request: Request,
    caller: Annotated[Principal, Depends(needs("audit.read"))],
    start: Annotated[Instant | None, Query(description="A day before `end` if left out")] = None,
    end: Annotated[Instant | None, Query(description="Not included; now if left out")] = None,
    subject: Annotated[Ref | None, Query(description="The report, case or evidence")] = None,
    actor: Annotated[Ref | None, Query(description="Who looked, or had a service look")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Cursor = None,
) -> Looks:
    """Who looked at what, when and what for. This look is written down too."""
    until = end or clock.now()
    since = start or _day_before(until)
    if not timedelta(0) < until - since <= LONGEST:
        raise Invalid("start must lie before end, by a year at most", code="bad_period")
    database = request.app.state.runtime.database
    await note(database, caller, "audit", subject or actor or "vault", purposes.Purpose.AUDIT)
    found, place = await revealed.looks(
        database, since, until, subject=subject, actor=actor, limit=limit, after=_place(cursor)
    )
    return Looks(
        looks=[Look.model_validate(row) for row in found],
        cursor=f"{place.at.isoformat()}|{place.seen}" if place else None,
    )


def behalf(caller: Principal, person: str | None) -> dict[str, str]:
    """What the row says besides who asked. Raises Forbidden where somebody other than a service
    says that they look for another."""
    if person is None:
        return {}
    if caller.kind != "service":
        raise Forbidden("only a service looks on somebody's behalf", code="no_service")
    return {"on_behalf_of": person}


def shown_to(caller: Principal, person: str | None) -> Principal:
    """Whose eyes it is for: what complains of them is not theirs to see, whoever asks."""
    return caller if person is None else Principal(person, "staff")


def _day_before(until: datetime) -> datetime:
    try:
        return until - timedelta(days=1)
    except OverflowError:
        raise Invalid("end lies before all time", code="bad_period") from None


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    at, _, seen = cursor.partition("|")
    try:
        found = datetime.fromisoformat(at)
        if found.tzinfo is None:
            raise ValueError("a time without its zone")
        return Place(found, int(seen))
    except ValueError:
        raise Invalid("that is no cursor of ours", code="bad_cursor") from None
