"""Composition root of intake: the only wiring."""

from functools import partial

from fastapi import FastAPI

from intake import background_desks, sweep_links
from intake.adapters.additions import Additions
from intake.adapters.evidence.wiring import Evidence
from intake.adapters.nearby import Neighbours
from intake.adapters.vault import Vault
from intake.adapters.visit_room import VisitRoom
from intake.aggregates import AGGREGATES
from intake.api.open311.errors import Open311Errors
from intake.commands.receive_report import foresee
from intake.domain.rules import newest_rules
from intake.domain.world import Standards, World, newest_district
from intake.importing import Importing
from intake.routes import GUESSABLE, ROUTERS
from intake.settings import IntakeSettings
from intake.subscriptions import (
    DISTRICT,
    FOLLOW_UPS,
    GRIDS,
    KEPT,
    RULES,
    STANDARDS,
    SUBSCRIPTIONS,
)
from intake.views import (
    callbacks,
    links,
    me,
    open311_lists,
    progress,
    received,
    reports,
    revealed,
    visits,
)
from service_kit.app import create_app
from service_kit.events.ties import TIES
from service_kit.grids import GridIndex
from service_kit.mongo import Database
from service_kit.runtime import Edges, Parts

INDEXES = (progress, reports, received, links, open311_lists, visits, me, callbacks, revealed)
"""The views whose collections have indexes of their own."""


def parts(settings: IntakeSettings) -> Parts:
    """What makes this service intake."""
    vault = Vault(settings.keyring())
    evidence = Evidence(vault, settings)
    room = VisitRoom(settings.keyring())
    neighbours = Neighbours(vault)
    importing = Importing(settings)
    additions = Additions(vault)

    async def prepare(database: Database) -> None:
        await vault.open(database)
        await evidence.open(database)
        await room.open(database)
        await importing.open(database)
        await additions.open(database)
        for view in INDEXES:
            await view.create_indexes(database)

    return Parts(
        name="intake",
        settings=settings,
        aggregates=AGGREGATES,
        subscriptions=SUBSCRIPTIONS,
        follow_ups=FOLLOW_UPS,
        kept=KEPT,
        routers=ROUTERS,
        caches={
            "district": (DISTRICT, newest_district),
            "grids": (GRIDS, GridIndex.build),
            "standards": (STANDARDS, Standards),
            "rules": (RULES, newest_rules),
            **TIES,
        },
        make_world=partial(World, policy=settings.policy()),
        foresee=foresee,
        background=[
            lambda _: vault.run(),
            lambda _: vault.rotate(),
            background_desks.measure,
            lambda _: evidence.media.run(),
            lambda _: room.forget(),
            neighbours.run,
            sweep_links.sweep,
            importing.run,
        ],
        prepare=prepare,
        larger_bodies={**importing.larger_bodies, **evidence.larger_bodies},
        guessable=GUESSABLE,
        around=[Open311Errors],
        extras={
            **evidence.extras,
            **importing.extras,
            "vault": vault,
            "additions": additions,
            "visits": room,
            "neighbours": neighbours,
        },
    )


def build(settings: IntakeSettings, edges: Edges | None = None) -> FastAPI:
    """The service as an ASGI app."""
    return create_app(parts(settings), edges)
