"""What people do of themselves: supervisors who see that a handler is late, and posts on duty that
come for an emergency."""

from typing import Any

from civicgrid.client import As
from civicgrid.replay.deeds.stage import PERSON_SCOPE, SUPERVISOR_SCOPE, Stage, Turn

PRESS, SLIP, ESCALATE, TAKE_OVER = "press", "slip", "escalate", "take_over"


async def press(stage: Stage, turn: Turn, attempt: int) -> None:
    """One of what a supervisor can do, by the scenario's shares, or nothing."""
    habit = stage.scenario.pressing
    shares = {PRESS: habit.press, SLIP: habit.slip, ESCALATE: habit.escalate,
              TAKE_OVER: habit.take_over}  # fmt: skip
    deed = stage.lots.which("pressing", f"{turn['case']}:{turn['turn']}", shares)
    if deed is None or await stage.still(turn) is None:
        return
    who = As(await stage.posts.supervisor(await stage.posts.root(), attempt), SUPERVISOR_SCOPE)
    await stage.do(who, turn, *_ASKED[deed])


_ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    PRESS: ("press", {"reason": "reporter_waits", "words": "请尽快办结。Get on with it."}),
    SLIP: ("slips", {"colour": "orange", "words": "请说明原因与措施。Say why, and what next."}),
    ESCALATE: ("escalation", {"reason": "beyond_our_powers"}),
    TAKE_OVER: ("escalation", {"reason": "beyond_our_powers", "take_over": True}),
}


async def come(stage: Stage, turn: Turn, attempt: int) -> None:
    """One of those who were told of an emergency takes it, if nobody has accepted it yet."""
    about = f"{turn['case']}:{turn['turn']}"
    if not stage.lots.happens("take", about, stage.scenario.emergencies.take):
        return
    if await stage.still(turn) is not None:
        await stage.do(await stage.who(turn, PERSON_SCOPE, attempt), turn, "take", {})
