"""The composition root of dispatch."""

from fastapi import FastAPI

from dispatch import background, left_posts, sweep
from dispatch.adapters.statements import Statements
from dispatch.api import (
    actions,
    bulk,
    cases,
    ends,
    exports,
    ground,
    knowledge,
    lists,
    loads,
    neighbourhood,
    overview,
    relief,
    reported,
    rulings,
    search,
    services,
    statements,
    supervise,
    supervision,
    timeline,
    work,
)
from dispatch.commands.aggregate import CaseAggregate
from dispatch.commands.publish_knowledge import KnowledgeAggregate
from dispatch.commands.publish_supervision import SupervisionAggregate
from dispatch.domain import admissions, world
from dispatch.domain.knowledge import build_knowledge
from dispatch.domain.supervision import build_supervision
from dispatch.domain.territory import build_territory
from dispatch.handlers.on_case import on_department_command
from dispatch.settings import DispatchSettings
from dispatch.subscriptions import SUBSCRIPTIONS
from dispatch.views import answers, board
from dispatch.views import rulings as made
from dispatch.views.days import Days
from dispatch.views.neighbourhood import Months
from service_kit.app import create_app
from service_kit.charters import build_charters
from service_kit.events.ties import TIES
from service_kit.mongo import Database
from service_kit.runtime import Edges, Parts


def parts(settings: DispatchSettings) -> Parts:
    """Everything that dispatch consists of."""
    policy = settings.policy()
    kept = Statements(settings.keyring())

    async def prepare(database: Database) -> None:
        await background.prepare(database)
        await made.prepare(database)
        await answers.prepare(database)
        await kept.open(database)

    return Parts(
        name="dispatch",
        settings=settings,
        aggregates=[CaseAggregate(), KnowledgeAggregate(), SupervisionAggregate()],
        subscriptions=SUBSCRIPTIONS,
        routers=[
            overview.router,
            ground.router,
            lists.router,
            loads.router,
            exports.router,
            search.router,
            bulk.router,
            cases.router,
            actions.router,
            work.router,
            ends.router,
            statements.router,
            reported.router,
            relief.router,
            rulings.router,
            services.router,
            supervise.router,
            supervision.router,
            timeline.router,
            knowledge.router,
            neighbourhood.router,
        ],
        caches={
            "standards": ("mirror_standard", world.build_standards),
            "calendars": ("mirror_calendar", world.build_calendars),
            "charters": ("mirror_charter", build_charters),
            "admissions": ("mirror_admission", admissions.build_admissions),
            "supervision": ("mirror_supervision", build_supervision),
            "territory": ("mirror_grid", build_territory),
            "knowledge": ("mirror_knowledge", build_knowledge),
            **TIES,
        },
        make_world=lambda **caches: world.World(policy=policy, **caches),
        fenced=("charters",),
        on_command=on_department_command,
        background=[
            background.timers,
            sweep.charters,
            left_posts.sweep,
            board.keep,
            lambda _: kept.rotate(),
        ],
        prepare=prepare,
        guessable=statements.GUESSABLE,
        kept=[made.KEPT, answers.KEPT],
        peer_scopes="commits.read vault.read",
        extras={
            "statements": kept,
            "board": board.Board(),
            "days": Days(),
            "months": Months(settings.levels),
        },
    )


def build(settings: DispatchSettings, edges: Edges | None = None) -> FastAPI:
    return create_app(parts(settings), edges)
