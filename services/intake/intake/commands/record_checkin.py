"""Check in: on shift, and inside the post's grid or not (签到)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from case_contracts.events.intake import CheckinRecorded
from case_contracts.events.registry import PostingStarted
from case_contracts.values import Point
from intake.domain.checkin import CheckinState
from intake.domain.visit_errors import NotYourGrid, OffShift
from intake.domain.visit_place import is_inside
from intake.domain.world import World
from service_kit.duty import on_duty
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class RecordCheckin:
    """``postings`` are those that the person held at ``made_at``; ``post`` names one of them.

    ``point`` is exact and stays here. ``zone`` is the calendar's, which shifts are in.
    """

    person: str
    postings: Sequence[PostingStarted]
    post: str | None
    zone: ZoneInfo
    point: Point
    made_at: datetime


def record_checkin(state: CheckinState, command: RecordCheckin, context: Context) -> Decision:
    """``checkin.recorded``, once; raises what ``post_on_shift`` does."""
    if state.person:
        return []
    world: World = context.world
    posting = post_on_shift(command, world)
    return [
        CheckinRecorded(
            checkin=state.checkin,
            person=command.person,
            posting=posting.posting,
            grid=posting.grid,
            grid_path=_path(posting, command.made_at, world),
            inside=is_inside(command.point, posting.grid, command.made_at, world.grids),
            checked_in_at=command.made_at,
        )
    ]


def post_on_shift(command: RecordCheckin, world: World) -> PostingStarted:
    """The post that the check-in is for: of several on shift one whose grid the person is in,
    then the lowest. Raises NotYourGrid without a post, OffShift where no shift is running."""
    held = [p for p in command.postings if command.post in (None, p.posting)]
    if not held:
        raise NotYourGrid(
            "you held no such post at that time; check in for a post of yours, or leave post out",
        )
    local = command.made_at.astimezone(command.zone)
    running = [posting for posting in held if on_duty(posting, local)]
    if not running:
        raise OffShift("you are not on shift; nothing was recorded")

    def rank(posting: PostingStarted) -> tuple[bool, int, str]:
        inside = is_inside(command.point, posting.grid, command.made_at, world.grids)
        return not inside, -len(_path(posting, command.made_at, world)), posting.posting

    return min(running, key=rank)


def _path(posting: PostingStarted, at: datetime, world: World) -> tuple[str, ...]:
    known = world.grids.known(posting.grid, at)
    return world.grids.path(posting.grid, at) if known else ()
