"""What the registry listens to: in whose hands each case is, so that a hand-over can list it.

Every other change of hands (returned, revoked, failed, reopened) ends with one of these in the
same commit.
"""

from case_contracts.events import dispatch
from registry.handlers import on_case
from registry.views.open_work import TURNS
from service_kit.events.subscriptions import Fact, Subscriptions

SUBSCRIPTIONS = Subscriptions(
    "registry",
    [
        Fact(dispatch.CaseReceived, TURNS, on_case.received),
        Fact(dispatch.PlacingRequested, TURNS, on_case.asked_to_place),
        Fact(dispatch.TaskAssigned, TURNS, on_case.assigned),
        Fact(dispatch.VerificationRequested, TURNS, on_case.asked_to_verify),
        Fact(dispatch.CaseClosed, TURNS, on_case.closed),
        Fact(dispatch.CaseVoided, TURNS, on_case.closed),
    ],
)
