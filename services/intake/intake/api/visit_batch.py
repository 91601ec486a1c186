"""Visits and check-ins that a device noted while there was no network."""

from collections.abc import Sequence
from functools import partial
from typing import Literal

from case_contracts.values import Ref
from intake.api.batch_items import Fate, Item, ItemFate, ItemKind, Noted
from intake.api.channels import need
from intake.api.checkins import CheckinIn, take_checkin
from intake.api.schemas import In, Place
from intake.api.visit_access import scene_of
from intake.api.visit_schemas import VisitIn, VisitSaid
from intake.api.visit_taking import take_visit
from intake.views.visits import CHECKINS, VISITS
from service_kit.auth import Principal
from service_kit.ids import derived
from service_kit.runtime import Runtime

SCOPE = "visits.write"


class VisitItem(Item):
    """The ``visit`` was made at ``made_at``."""

    kind: Literal["visit"]
    visit: VisitSaid


class CheckinSaid(In):
    """Where one was, for which of one's posts."""

    post: Ref | None = None
    point: Place


class CheckinItem(Item):
    """One was there at ``made_at``, on shift."""

    kind: Literal["checkin"]
    checkin: CheckinSaid


async def _take_visit(runtime: Runtime, caller: Principal, noted: Noted) -> ItemFate:
    need(caller, SCOPE, "a visit")
    item: VisitItem = noted.item
    body = VisitIn(**dict(item.visit), id=str(item.id), visited_at=noted.at)
    taken = await take_visit(await scene_of(runtime), caller, body)
    return _fate(item, taken.visit.visit, noted, repeated=taken.repeated)


async def _take_checkin(runtime: Runtime, caller: Principal, noted: Noted) -> ItemFate:
    need(caller, SCOPE, "a check-in")
    item: CheckinItem = noted.item
    body = CheckinIn(**dict(item.checkin), id=str(item.id), made_at=noted.at)
    taken = await take_checkin(await scene_of(runtime), caller, body)
    return _fate(item, taken.checkin, noted, repeated=taken.repeated)


def _fate(item: Item, subject: str, noted: Noted, *, repeated: bool) -> ItemFate:
    status = Fate.REPEATED if repeated else Fate.RECEIVED
    return ItemFate(id=str(item.id), status=status, subject=subject, at=noted.at)


async def _find(
    runtime: Runtime, caller: Principal, ids: Sequence[str], *, noun: str, view: str
) -> dict[str, ItemFate]:
    """Their ids follow from the items'."""
    wanted = {f"{noun}:{derived(noun, caller.id, each)}": each for each in ids}
    found = runtime.database[view].find({"_id": {"$in": list(wanted)}}, {"at": 1})
    return {
        wanted[row["_id"]]: ItemFate(
            id=wanted[row["_id"]], status=Fate.RECEIVED, subject=row["_id"], at=row["at"]
        )
        async for row in found
    }


VISIT = ItemKind(VisitItem, _take_visit, partial(_find, noun="visit", view=VISITS))
CHECKIN = ItemKind(CheckinItem, _take_checkin, partial(_find, noun="checkin", view=CHECKINS))
