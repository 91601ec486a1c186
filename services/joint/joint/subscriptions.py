"""What joint listens to, at a glance. Departments' commands come by ``joint.commands.v1``."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events import dispatch, registry
from joint.handlers.on_whistle_blown import on_whistle_blown
from service_kit.events.subscriptions import Command, Mirror, Subscriptions


def _validity(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_from.isoformat()}"


def _end(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_to.isoformat()}"


SUBSCRIPTIONS = Subscriptions(
    "joint",
    [
        Command(dispatch.WhistleBlown, "joint.whistle-blown", on_whistle_blown),
        Mirror(registry.GridPublished, "mirror_grid", _validity),
        Mirror(registry.PostingStarted, "mirror_posting", _validity),
        Mirror(registry.PostingEnded, "mirror_posting", _end),
        Mirror(registry.SecondmentStarted, "mirror_secondment", _validity),
        Mirror(registry.SecondmentEnded, "mirror_secondment", _end),
        Mirror(registry.PortfolioAssigned, "mirror_portfolio", _validity),
    ],
)
