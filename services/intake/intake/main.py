"""Composition root of intake: the only wiring."""

from fastapi import FastAPI

from intake.adapters.vault import Vault
from intake.api import filed, imports, reports, track, vault
from intake.api.open311 import routes as open311_routes
from intake.api.open311.errors import Open311Errors
from intake.commands.open_case import OpenCase, open_case
from intake.commands.rate_satisfaction import RateSatisfaction, rate_satisfaction
from intake.commands.receive_report import ReceiveReport, receive_report
from intake.domain.case import CaseAggregate
from intake.domain.report import ReportAggregate
from intake.domain.rules import newest_rules
from intake.domain.world import Standards, World, newest_district
from intake.settings import IntakeSettings
from intake.subscriptions import DISTRICT, FOLLOW_UPS, GRIDS, RULES, STANDARDS, SUBSCRIPTIONS
from intake.views import open311_lists, progress
from service_kit.app import create_app
from service_kit.grids import GridIndex
from service_kit.mongo import Database
from service_kit.runtime import Edges, Parts

IMPORT_BYTES = 16 * 1024 * 1024


def parts(settings: IntakeSettings) -> Parts:
    """What makes this service intake."""
    kept = Vault(settings.keyring())

    async def prepare(database: Database) -> None:
        await kept.open(database)
        await progress.create_indexes(database)
        await open311_lists.create_indexes(database)

    return Parts(
        name="intake",
        settings=settings,
        aggregates=[
            ReportAggregate({ReceiveReport: receive_report, RateSatisfaction: rate_satisfaction}),
            CaseAggregate({OpenCase: open_case}),
        ],
        subscriptions=SUBSCRIPTIONS,
        follow_ups=FOLLOW_UPS,
        routers=[
            reports.router,
            track.router,
            imports.router,
            vault.router,
            filed.router,
            open311_routes.router,
        ],
        caches={
            "district": (DISTRICT, newest_district),
            "grids": (GRIDS, GridIndex.build),
            "standards": (STANDARDS, Standards),
            "rules": (RULES, newest_rules),
        },
        make_world=World,
        background=[lambda _: kept.run(), lambda _: kept.rotate()],
        prepare=prepare,
        larger_bodies={"/imports": IMPORT_BYTES},
        around=[Open311Errors],
        extras={"vault": kept},
    )


def build(settings: IntakeSettings, edges: Edges | None = None) -> FastAPI:
    """The service as an ASGI app."""
    return create_app(parts(settings), edges)
