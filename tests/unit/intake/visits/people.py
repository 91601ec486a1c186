"""People in the field of the small district, purely and for integration tests."""

from datetime import UTC, datetime
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CalendarPublished,
    ContactGroupFormed,
    HouseholdRegistered,
    PostingStarted,
)
from intake.domain.visit_field import Calendars, Field, Groups
from intake.domain.world import Standards, World
from service_kit.grids import GridIndex
from service_kit.postings import build_postings
from tests.support.small_district import DISTRICT, EAST, FROM, GRIDS, ROOT, WEST, standard

MONDAY = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)
"""Half past nine on a Monday in the district."""
WORKER, OTHER, LEADER, IDLE = "p-000123", "p-000200", "p-000001", "p-000300"
GROUP, EAST_GROUP = f"contact_group:{WEST}:1", f"contact_group:{EAST}:1"
HOUSEHOLD = "household:9f2c"
WORLD = World(DISTRICT, GridIndex.build(GRIDS), Standards([standard()]))


def posting(person: str, grid: str, role: str = "worker", **more: Any) -> PostingStarted:
    """A post from Monday to Friday, 08:00 to 18:00."""
    given = {
        "posting": f"posting:{grid}:{role}:{person}",
        "person": person,
        "role": role,
        "grid": grid,
        "accountable": role == "worker",
        "shifts": [{"weekdays": [1, 2, 3, 4, 5], "hours": {"start": "08:00", "end": "18:00"}}],
        "valid_from": FROM,
    }
    return PostingStarted.model_validate({**given, **more})


def group(name: str, grid: str, person: str, households: int = 18, **more: Any) -> EventData:
    return ContactGroupFormed.model_validate(
        {
            "group": name,
            "grid": grid,
            "person": person,
            "households": households,
            "valid_from": FROM,
            **more,
        }
    )


POSTINGS = (
    posting(WORKER, WEST),
    posting(OTHER, EAST),
    posting(LEADER, ROOT, "leader"),
    posting(IDLE, WEST, "volunteer", shifts=[]),
)
GROUPS = (group(GROUP, WEST, WORKER), group(EAST_GROUP, EAST, OTHER, 4))
CALENDAR = CalendarPublished.model_validate(
    {**CalendarPublished.EXAMPLE, "calendar": DISTRICT.calendar, "valid_from": FROM}
)
CONSENT = HouseholdRegistered.model_validate(
    {
        "entry": HOUSEHOLD,
        "grid": WEST,
        "consented_at": FROM,
        "valid_to": "2027-01-01T00:00:00+08:00",
    }
)
FIELD = Field(build_postings(POSTINGS), Groups.build(GROUPS), Calendars([CALENDAR]))


def published() -> list[tuple[str, EventData]]:
    """(subject, event) as the registry says them."""
    return [
        *((each.posting, each) for each in POSTINGS),
        *((str(getattr(each, "group", "")), each) for each in GROUPS),
        (f"calendar:{DISTRICT.calendar}", CALENDAR),
        (HOUSEHOLD, CONSENT),
    ]
