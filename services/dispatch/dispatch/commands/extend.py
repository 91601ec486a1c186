"""A supervisor gives more time unasked: to many at once, after a storm, for one."""

from dataclasses import dataclass

from case_contracts.values import Limit
from dispatch.domain import relief
from dispatch.domain.asking import EXTENSIONS_LEFT, HAS_LIMIT, IN_TIME, check_extension
from dispatch.domain.case_parts import Request
from dispatch.domain.state import CaseState
from dispatch.domain.step import WORK, Does, Step, Who, effects, text
from service_kit.errors import Refused
from service_kit.store import Context, Decision


@dataclass(frozen=True)
class Extend:
    """``limit`` more, for this reason (a code). ``by`` never handles the case."""

    by: str
    reason: str
    limit: Limit


STEP = Step(
    "extend",
    text("主动延期", "give more time unasked"),
    sources=WORK,
    targets=WORK,
    who=frozenset({Who.SUPERVISOR}),
    needs=(HAS_LIMIT, IN_TIME, EXTENSIONS_LEFT),
    clocks=effects(Does.EXTENDS, *relief.MOVED),
    code="no_open_task",
)


def decide(state: CaseState, command: Extend, context: Context) -> Decision:
    """Within what the rules allow; a request that waits stays where it is.

    Raises Refused ``own_work``, ``too_long``, or what the row of the step says.
    """
    assert state.task is not None
    if command.by in (state.by, *state.handled_by):
        raise Refused("whoever does the work does not give it more time", code="own_work")
    check_extension(state, context.world, command.limit, context.now)
    asked = Request(
        id=context.new_id("request"),
        by=state.task.handler,
        reason=command.reason,
        statement=None,
        requested_at=context.now,
        limit=command.limit,
    )
    return relief.extend(state, context.world, asked, command.by, context.now)
