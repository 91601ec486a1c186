"""The composition root of notification."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from notification.api import notices as api
from notification.commands.aggregate import NoticeAggregate
from notification.domain.world import World
from notification.mail import sending
from notification.settings import NotificationSettings
from notification.subscriptions import SUBSCRIPTIONS
from notification.views import notices
from service_kit.app import create_app
from service_kit.events.ties import TIES
from service_kit.mongo import Database
from service_kit.runtime import Edges, Parts
from service_kit.ties import Ties

PEER_SCOPES = "commits.read vault.read"


@dataclass
class Since:
    """When the service first ran; known once its database has been looked at."""

    at: datetime | None = None

    async def prepare(self, database: Database) -> None:
        await notices.prepare(database)
        self.at = await notices.news_since(database)


def parts(settings: NotificationSettings) -> Parts:
    """Everything that notification consists of."""
    since = Since()

    def world(**known: Any) -> World:
        assert since.at is not None, "prepare runs before the first decision"
        return World(since=since.at, email=settings.smtp_host is not None, ties=Ties(**known))

    return Parts(
        name="notification",
        settings=settings,
        aggregates=[NoticeAggregate()],
        subscriptions=SUBSCRIPTIONS,
        routers=[api.router],
        caches=TIES,
        make_world=world,
        background=[sending],
        prepare=since.prepare,
        peer_scopes=PEER_SCOPES,
    )


def build(settings: NotificationSettings, edges: Edges | None = None) -> FastAPI:
    return create_app(parts(settings), edges)
