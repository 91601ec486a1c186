"""Intake with people in the field, on a Monday morning in the district."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from intake.adapters.visit_room import VisitRoom
from service_kit import clock
from service_kit.clock import Clock
from tests.support import small_district
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.intake.visits.people import (
    HOUSEHOLD,
    IDLE,
    LEADER,
    MONDAY,
    OTHER,
    WORKER,
    published,
)

SERVICE = "service/civil-affairs/form-handed-in"
Headers = dict[str, str]
Travel = Callable[[datetime | timedelta], None]


@pytest.fixture(autouse=True)
def travel() -> Iterator[Travel]:
    """Sets the clock, or moves it; it goes on from there at its usual pace."""

    def to(when: datetime | timedelta) -> None:
        at = when if isinstance(when, datetime) else clock.now() + when
        clock.set_clock(Clock(at, time.time()))

    to(MONDAY)
    yield to
    clock.set_clock(None)


@pytest.fixture
async def field(intake: Twin) -> Twin:
    """With posts, contact groups, a calendar, a household, and on-behalf services."""
    standard = small_district.standard(
        version=2,
        matters=[
            small_district.matter(SERVICE, ["asked"]),
            small_district.matter(small_district.MANHOLE, ["missing"]),
        ],
    )
    await intake.say(standard, "standard:lanhe")
    await intake.say_all(published())
    await eventually(lambda: _knows_all(intake))
    return intake


async def _knows_all(twin: Twin) -> bool:
    world, known = await twin.runtime.load_world(), await room_of(twin).field()
    now = clock.now()
    people = [world.postings.of(person, now) for person in (WORKER, OTHER, LEADER, IDLE)]
    consented = await room_of(twin).consented(HOUSEHOLD, small_district.WEST, now)
    standard = world.standards.at("lanhe", now)
    return bool(
        all(people)
        and len(known.groups.by_group) == 2
        and consented
        and standard
        and SERVICE in standard.matters
    )


def room_of(twin: Twin) -> VisitRoom:
    room: VisitRoom = twin.runtime.extras["visits"]
    return room


def who(issuer: TestIssuer, person: str, scopes: str) -> Headers:
    return issuer.bearer(person, scopes, "intake")


@pytest.fixture
def worker(issuer: TestIssuer) -> Headers:
    return who(issuer, WORKER, "visits.write reports.staff")


@pytest.fixture
def other(issuer: TestIssuer) -> Headers:
    return who(issuer, OTHER, "visits.write visits.read locations.read")


@pytest.fixture
def leader(issuer: TestIssuer) -> Headers:
    return who(issuer, LEADER, "visits.read locations.read")


@pytest.fixture
def planner(issuer: TestIssuer) -> Headers:
    return who(issuer, "p-000009", "rounds.plan")


def checkin(number: int = 1, **more: Any) -> dict[str, Any]:
    made_at = MONDAY.isoformat()
    return {"id": f"c-{number}", "point": small_district.IN_WEST, "made_at": made_at, **more}


def visit(number: int = 1, **more: Any) -> dict[str, Any]:
    where = {} if "group" in more else {"grid": small_district.WEST}
    return {
        "id": f"v-{number}",
        "kind": "routine",
        "visited_at": MONDAY.isoformat(),
        **where,
        **more,
    }


async def everything(twin: Twin) -> dict[str, list[dict[str, Any]]]:
    """What is in the database, by collection."""
    database = twin.runtime.database
    names = sorted(await database.list_collection_names())
    return {name: [row async for row in database[name].find({})] for name in names}
