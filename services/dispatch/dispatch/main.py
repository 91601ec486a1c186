"""The composition root of dispatch."""

from fastapi import FastAPI

from dispatch import background, left_posts, sweep
from dispatch.api import cases, overview, work
from dispatch.commands.aggregate import CaseAggregate
from dispatch.domain import admissions, world
from dispatch.domain.supervision import build_supervision
from dispatch.handlers.on_case import on_department_command
from dispatch.settings import DispatchSettings
from dispatch.subscriptions import SUBSCRIPTIONS
from service_kit.app import create_app
from service_kit.charters import build_charters
from service_kit.events.ties import TIES
from service_kit.runtime import Edges, Parts


def parts(settings: DispatchSettings) -> Parts:
    """Everything that dispatch consists of."""
    policy = settings.policy()
    return Parts(
        name="dispatch",
        settings=settings,
        aggregates=[CaseAggregate()],
        subscriptions=SUBSCRIPTIONS,
        routers=[overview.router, cases.router, work.router],
        caches={
            "standards": ("mirror_standard", world.build_standards),
            "calendars": ("mirror_calendar", world.build_calendars),
            "charters": ("mirror_charter", build_charters),
            "admissions": ("mirror_admission", admissions.build_admissions),
            "supervision": ("mirror_supervision", build_supervision),
            **TIES,
        },
        make_world=lambda **caches: world.World(policy=policy, **caches),
        fenced=("charters",),
        on_command=on_department_command,
        background=[background.timers, sweep.charters, left_posts.sweep],
        prepare=background.prepare,
    )


def build(settings: DispatchSettings, edges: Edges | None = None) -> FastAPI:
    return create_app(parts(settings), edges)
