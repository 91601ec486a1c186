"""What joint listens to, at a glance. Departments' commands come by ``joint.commands.v1``."""

from case_contracts.events import dispatch
from joint.handlers.on_whistle_blown import on_whistle_blown
from service_kit.events import ties
from service_kit.events.subscriptions import Command, Subscriptions

SUBSCRIPTIONS = Subscriptions(
    "joint",
    [
        Command(dispatch.WhistleBlown, "joint.whistle-blown", on_whistle_blown),
        *ties.GRIDS,
        *ties.POSTINGS,
        *ties.LEADING,
    ],
)
