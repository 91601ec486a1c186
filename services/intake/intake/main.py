"""Composition root of intake: the only wiring."""

from functools import partial

from fastapi import FastAPI

from intake import background_desks, sweep_links
from intake.adapters.evidence.wiring import Evidence
from intake.adapters.nearby import Neighbours
from intake.adapters.vault import Vault
from intake.adapters.visit_room import VisitRoom
from intake.api import filed, links, reports, vault
from intake.api.desk_routes import DESK_ROUTERS
from intake.api.evidence import routes as evidence_routes
from intake.api.open311 import routes as open311_routes
from intake.api.open311.errors import Open311Errors
from intake.api.visit_routes import VISIT_ROUTERS
from intake.commands.evidence import EVIDENCE
from intake.commands.linking import LINKING
from intake.commands.log_visit import LogVisit, log_visit
from intake.commands.open_case import OpenCase, open_case
from intake.commands.publish_rules import PublishRules, RulesAggregate, publish_rules
from intake.commands.receive_report import ReceiveReport, receive_report
from intake.commands.record_checkin import RecordCheckin, record_checkin
from intake.commands.release_receiver import ReleaseReceiver, release_receiver
from intake.commands.reporters import RIGHTS
from intake.commands.round_planning import EndRound, PlanRound, end_round, plan_round
from intake.commands.triage_report import REVIEWING
from intake.domain.case import CaseAggregate
from intake.domain.checkin import CheckinAggregate
from intake.domain.evidence.state import EvidenceAggregate
from intake.domain.report import ReportAggregate
from intake.domain.round import RoundAggregate
from intake.domain.rules import newest_rules
from intake.domain.visit import VisitAggregate
from intake.domain.world import Standards, World, newest_district
from intake.importing import ROUTERS as IMPORT_ROUTERS
from intake.importing import Importing
from intake.reporters import ROUTERS as REPORTER_ROUTERS
from intake.reporters import Reporting
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
from intake.ties import TIES
from intake.views import links as link_views
from intake.views import me, open311_lists, progress, triage, visits
from service_kit.app import create_app
from service_kit.grids import GridIndex
from service_kit.mongo import Database
from service_kit.runtime import Edges, Parts

GUESSABLE = ("/track/", *open311_routes.GUESSABLE)


def parts(settings: IntakeSettings) -> Parts:
    """What makes this service intake."""
    kept = Vault(settings.keyring())
    evidence = Evidence(kept, settings)
    room = VisitRoom(settings.keyring())
    neighbours = Neighbours(kept)
    importing = Importing(settings)
    reporting = Reporting(kept)

    async def prepare(database: Database) -> None:
        await kept.open(database)
        await evidence.open(database)
        await progress.create_indexes(database)
        await triage.create_indexes(database)
        await link_views.create_indexes(database)
        await open311_lists.create_indexes(database)
        await room.open(database)
        await visits.create_indexes(database)
        await me.create_indexes(database)
        await importing.open(database)
        await reporting.open(database)

    return Parts(
        name="intake",
        settings=settings,
        aggregates=[
            ReportAggregate(
                {
                    ReceiveReport: receive_report,
                    **RIGHTS,
                    **REVIEWING,
                    **LINKING,
                }
            ),
            RulesAggregate({PublishRules: publish_rules}),
            CaseAggregate({OpenCase: open_case, ReleaseReceiver: release_receiver}),
            EvidenceAggregate(EVIDENCE),
            VisitAggregate({LogVisit: log_visit}),
            CheckinAggregate({RecordCheckin: record_checkin}),
            RoundAggregate({PlanRound: plan_round, EndRound: end_round}),
            importing.aggregate,
            reporting.aggregate,
        ],
        subscriptions=SUBSCRIPTIONS,
        follow_ups=FOLLOW_UPS,
        kept=KEPT,
        routers=[
            reports.router,
            *REPORTER_ROUTERS,
            *IMPORT_ROUTERS,
            vault.router,
            filed.router,
            *DESK_ROUTERS,
            evidence_routes.router,
            links.router,
            open311_routes.router,
            *VISIT_ROUTERS,
        ],
        caches={
            "district": (DISTRICT, newest_district),
            "grids": (GRIDS, GridIndex.build),
            "standards": (STANDARDS, Standards),
            "rules": (RULES, newest_rules),
            **TIES,
        },
        make_world=partial(World, policy=settings.policy()),
        background=[
            lambda _: kept.run(),
            lambda _: kept.rotate(),
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
            **reporting.extras,
            "vault": kept,
            "visits": room,
            "neighbours": neighbours,
        },
    )


def build(settings: IntakeSettings, edges: Edges | None = None) -> FastAPI:
    """The service as an ASGI app."""
    return create_app(parts(settings), edges)
