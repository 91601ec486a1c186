"""What visits and check-ins need beside commits: sealed notes and places, groups and calendars.

These mirrors are read by these routes alone, never for a batch of reports.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import orjson
import structlog

from case_contracts.values import Point
from intake.domain.visit_field import Calendars, Field, Groups
from service_kit import clock
from service_kit.events.mirrors import MirrorCache, Stamps, world_loader
from service_kit.mongo import ASCENDING, UNKNOWN_OUTCOME, Database
from service_kit.vault import Box, KeyRing

log = structlog.get_logger()
GROUPS, CALENDARS = "mirror_contact_group", "mirror_calendar"
HOUSEHOLDS = "mirror_household"
NOTES, PLACES = "visit_notes", "checkin_places"
KEPT = timedelta(days=30)
"""How long coordinates are kept; after that only inside or outside (domain.md)."""
LOOK_SECONDS = 60.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CACHES: dict[str, tuple[str, Callable[..., object]]] = {
    "groups": (GROUPS, Groups.build),
    "calendars": (CALENDARS, Calendars),
}


class VisitRoom:
    """``field()`` gives contact groups and calendars, without posts: those are in the world.
    ``notes`` and ``places`` are sealed."""

    notes: Box
    places: Box
    field: Callable[[], Awaitable[Field]]

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring

    async def open(self, database: Database) -> None:
        self._database = database
        self.notes = Box(database, self._keyring, NOTES)
        self.places = Box(database, self._keyring, PLACES)
        caches = {name: MirrorCache(database, *what) for name, what in CACHES.items()}
        self.field = world_loader(Stamps(database).now, caches, Field)
        await self.notes.create_indexes()
        await self.places.create_indexes()
        await database[PLACES].create_index([("expires_at", ASCENDING)], name="expires")

    async def put_place(self, checkin: str, point: Point, made_at: datetime) -> None:
        """Keep the coordinates of a check-in for their 30 days; not at all when those are over."""
        if (until := made_at + KEPT) > clock.now():
            await self.places.put(checkin, orjson.dumps(point.model_dump()), expires_at=until)

    async def forget(self) -> None:
        """Delete coordinates whose time is over, for ever."""
        while True:
            try:
                await self.forget_once()
            except UNKNOWN_OUTCOME as error:
                log.warning("places_wait", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def forget_once(self) -> int:
        """How many were deleted."""
        over = {"expires_at": {"$gte": EPOCH, "$lte": clock.now()}}
        if count := await self.places.forget(over):
            log.info("places_forgotten", count=count)
        return count

    async def consented(self, entry: str, grid: str, when: datetime) -> bool:
        """Whether the register said that this household of the grid agreed to be on it then, and
        has not taken it back since."""
        rows = self._database[HOUSEHOLDS]
        ids = [f"household.registered.v1|{entry}", f"household.erased.v1|{entry}"]
        found = {row["type"]: row["data"] async for row in rows.find({"_id": {"$in": ids}})}
        said = found.get("household.registered.v1")
        if said is None or "household.erased.v1" in found or said["grid"] != grid:
            return False
        since, until = (datetime.fromisoformat(said[at]) for at in ("consented_at", "valid_to"))
        return since <= when < until and clock.now() < until

    async def erased(self, entries: list[str]) -> set[str]:
        """Those of the households that are on the register no longer."""
        ids = [f"household.erased.v1|{entry}" for entry in entries]
        rows = self._database[HOUSEHOLDS].find({"_id": {"$in": ids}}, {"data.entry": 1})
        return {row["data"]["entry"] async for row in rows}
