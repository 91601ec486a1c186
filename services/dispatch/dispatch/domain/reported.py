"""Who needs to know what was reported: whoever has to act on the case now, and what for."""

from collections.abc import Collection, Mapping
from datetime import datetime

from dispatch.domain.state import CaseState
from dispatch.domain.step import Who
from dispatch.domain.waits import Wait, waits
from dispatch.domain.whose import Caller, may
from dispatch.domain.world import World

SUPERVISES = "cases.supervise"
WHAT_FOR: Mapping[str, tuple[Who, str]] = {
    "handle": (Who.HANDLER, "handle-task"),
    "verify": (Who.VERIFIER, "verify"),
    "place": (Who.PLACER, "place"),
    "lapsed": (Who.SUPERVISOR, "supervise"),
    "relief": (Who.SUPERVISOR, "supervise"),
}
"""By what waits: whose word it waits for, and intake's name of the purpose. Whoever is asked for
anything else of a case can give it without the reporter's words."""


def purpose_of(
    state: CaseState, world: World, now: datetime, caller: Caller, grids: Collection[str]
) -> str | None:
    """What the caller, who answers for these ``grids``, needs the words for; None where nothing
    waits for them that needs any."""
    for each in waits(state):
        who, purpose = WHAT_FOR.get(each.what, (None, ""))
        if who and _at_own_desk(each, caller, grids) and may(who, state, world, now, caller):
            return purpose
    return None


def _at_own_desk(wait: Wait, caller: Caller, grids: Collection[str]) -> bool:
    kind, _, name = wait.desk.partition(":")
    if kind == "supervisor":
        return SUPERVISES in caller.scopes and name in grids
    return kind == "person" and name == caller.id
