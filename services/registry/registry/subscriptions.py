"""What the registry listens to: in whose hands each case is, so that a hand-over can list it."""

from case_contracts.events import dispatch
from registry.views.open_work import TURNS
from service_kit.events.subscriptions import Mirror, Subscriptions

TURN = "turn"

SUBSCRIPTIONS = Subscriptions(
    "registry",
    [
        Mirror(dispatch.CaseReceived, TURNS, together=TURN),
        Mirror(dispatch.PlacingRequested, TURNS, together=TURN),
        Mirror(dispatch.TaskAssigned, TURNS, together=TURN),
        Mirror(dispatch.VerificationRequested, TURNS, together=TURN),
        Mirror(dispatch.CaseClosed, TURNS, together=TURN),
    ],
)
"""One document a case: the last of these by sequence says whose turn it is. Every other change
of hands (returned, revoked, failed, reopened) ends with one of them in the same commit."""
