"""Log a visit: who called where and when, what for, and what came of it (走访)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from case_contracts.events.intake import Topic, VisitKind, VisitLogged
from case_contracts.events.registry import ContactGroupFormed, PostingStarted
from case_contracts.values import Point
from intake.domain.round_targets import ground
from intake.domain.visit import VisitState
from intake.domain.visit_errors import NotYourGrid, OffShift
from intake.domain.visit_place import whereabouts
from intake.domain.world import World
from service_kit.duty import on_duty
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class LogVisit:
    """``postings`` are those that the person held at ``visited_at``; ``group`` as it stood then.

    ``point`` is exact, and is forgotten as soon as it is known whether it lies in the grid: kept,
    it would be a household's address. ``entry`` is a household that has consented.
    """

    person: str
    postings: Sequence[PostingStarted]
    zone: ZoneInfo
    grid: str
    group: ContactGroupFormed | None
    entry: str | None
    kind: VisitKind
    topics: tuple[Topic, ...]
    visited_at: datetime
    point: Point | None
    noted: bool
    reports: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


def log_visit(state: VisitState, command: LogVisit, context: Context) -> Decision:
    """``visit.logged``, once; raises what ``check_visitor`` does."""
    if state.logged is not None:
        return []
    world: World = context.world
    check_visitor(command, world)
    *path, grid = ground(command.grid, command.visited_at, world.grids)
    posting = _posting(command, world)
    return [
        VisitLogged(
            visit=state.visit,
            person=command.person,
            posting=posting.posting if posting else None,
            grid=grid,
            grid_path=tuple(path),
            group=command.group.group if command.group else None,
            entry=command.entry,
            kind=command.kind,
            topics=command.topics,
            visited_at=command.visited_at,
            logged_at=context.now,
            place=whereabouts(command.point, grid, command.visited_at, world.grids),
            noted=command.noted,
            reports=command.reports,
            services=command.services,
        )
    ]


def check_visitor(command: LogVisit, world: World) -> None:
    """Raises NotYourGrid for somebody who neither has a post in the grid or above it nor visits
    the group, and OffShift where somebody off shift says where they are."""
    contact = command.group is not None and command.group.person == command.person
    if not contact and _posting(command, world) is None:
        raise NotYourGrid(
            f"you held no post in grid {command.grid} or above it, and no contact group of it is"
            " yours; log the visit for the grid of your post",
        )
    local = command.visited_at.astimezone(command.zone)
    if command.point is not None and not any(on_duty(p, local) for p in command.postings):
        raise OffShift(
            "you were not on shift: leave the point out, and the visit is logged without a place;"
            " nothing was recorded",
        )


def _posting(command: LogVisit, world: World) -> PostingStarted | None:
    """The post nearest to the grid."""
    above = ground(command.grid, command.visited_at, world.grids)
    near = [posting for posting in command.postings if posting.grid in above]
    return max(near, key=lambda p: (above.index(p.grid), p.posting), default=None)
