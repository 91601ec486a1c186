"""The whistle: dispatch has given the operation its id."""

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import WhistleBlown
from joint.commands.convene import Convene
from service_kit.events.subscriptions import Translated


def on_whistle_blown(data: WhistleBlown, _: Envelope) -> Translated:
    return Translated(data.operation, Convene(data))
