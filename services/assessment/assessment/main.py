"""The composition root of assessment."""

from fastapi import FastAPI

from assessment import background
from assessment.api import figures, publication, scores
from assessment.commands.aggregate import PeriodAggregate
from assessment.domain.world import World, build_zone
from assessment.settings import AssessmentSettings
from assessment.subscriptions import SUBSCRIPTIONS
from assessment.views import blocks, places, published
from service_kit.app import create_app
from service_kit.events.ties import TIES
from service_kit.mongo import Database
from service_kit.runtime import Edges, Parts
from service_kit.ties import Ties


async def prepare(database: Database) -> None:
    for view in (blocks, places, published):
        await view.prepare(database)


def parts(settings: AssessmentSettings) -> Parts:
    """Everything that assessment consists of."""
    return Parts(
        name="assessment",
        settings=settings,
        aggregates=[PeriodAggregate()],
        subscriptions=SUBSCRIPTIONS,
        routers=[scores.router, publication.router, figures.router],
        caches={"zone": ("mirror_district", build_zone), **TIES},
        make_world=lambda zone, **known: World(zone, Ties(**known)),
        background=[background.packing],
        prepare=prepare,
    )


def build(settings: AssessmentSettings, edges: Edges | None = None) -> FastAPI:
    return create_app(parts(settings), edges)
