"""Which command a unit may give in which presence; data, so that it can be read at a glance.

A supporting unit signs off after it has arrived. The lead called the others to where it works
already, so it signs off from anywhere, and that concludes the operation.
"""

from joint.domain.state import Presence

ALLOWED: dict[Presence, frozenset[str]] = {
    Presence.INVITED: frozenset({"join", "decline", "arrive"}),
    Presence.JOINED: frozenset({"decline", "arrive"}),
    Presence.DECLINED: frozenset({"join"}),
    Presence.ARRIVED: frozenset({"sign_off"}),
    Presence.SIGNED_OFF: frozenset(),
}
LEAD_ALSO: dict[Presence, frozenset[str]] = {
    Presence.INVITED: frozenset({"sign_off"}),
    Presence.JOINED: frozenset({"sign_off"}),
}
LEAD_NEVER = frozenset({"decline"})


def allowed(presence: Presence, *, lead: bool) -> frozenset[str]:
    """The names of the commands that a unit may give now."""
    names = ALLOWED[presence]
    return (names | LEAD_ALSO.get(presence, frozenset())) - LEAD_NEVER if lead else names
