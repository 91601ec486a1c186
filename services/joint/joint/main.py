"""The composition root of joint."""

from fastapi import FastAPI

from joint.api import operations
from joint.commands.aggregate import OperationAggregate
from joint.domain.world import World
from joint.handlers.on_department_command import on_department_command
from joint.settings import JointSettings
from joint.subscriptions import SUBSCRIPTIONS
from joint.views.operations import prepare
from service_kit.app import create_app
from service_kit.events.ties import TIES
from service_kit.runtime import Edges, Parts
from service_kit.ties import Ties


def parts(settings: JointSettings) -> Parts:
    """Everything that joint consists of."""
    policy = settings.policy()
    return Parts(
        name="joint",
        settings=settings,
        aggregates=[OperationAggregate()],
        subscriptions=SUBSCRIPTIONS,
        routers=[operations.router],
        caches=TIES,
        make_world=lambda **known: World(policy, Ties(**known)),
        on_command=on_department_command,
        prepare=prepare,
    )


def build(settings: JointSettings, edges: Edges | None = None) -> FastAPI:
    return create_app(parts(settings), edges)
