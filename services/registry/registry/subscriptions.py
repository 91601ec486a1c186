"""What the registry listens to: in whose hands each case is, so that a hand-over can list it; and
rulings that are to become charters.

Every other change of hands (returned, revoked, failed, reopened) ends with one of these in the
same commit.
"""

from case_contracts.events import dispatch
from registry.handlers import on_case
from registry.views import rulings
from registry.views.open_work import TURNS
from registry.views.rulings import RULINGS
from service_kit.events.subscriptions import Fact, Subscriptions

SUBSCRIPTIONS = Subscriptions(
    "registry",
    [
        Fact(dispatch.CaseReceived, TURNS, on_case.received),
        Fact(dispatch.PlacingRequested, TURNS, on_case.asked_to_place),
        Fact(dispatch.TaskAssigned, TURNS, on_case.assigned),
        Fact(dispatch.VerificationRequested, TURNS, on_case.asked_to_verify),
        Fact(dispatch.RulingRequested, TURNS, on_case.asked_to_rule),
        Fact(dispatch.RulingMade, RULINGS, rulings.row),
        Fact(dispatch.CaseClosed, TURNS, on_case.closed),
        Fact(dispatch.CaseVoided, TURNS, on_case.closed),
    ],
)
