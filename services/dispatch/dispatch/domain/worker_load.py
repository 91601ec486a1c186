"""How much each grid worker carries (domain rule 8)."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel

from case_contracts.events.registry import PostingStarted
from case_contracts.values import Party
from dispatch.domain.state import CaseState
from dispatch.domain.world import WORKER, World


class WorkerLoad(BaseModel):
    """What one worker has, counted in cases. ``sent``: they have or last had the task; of those
    ``open`` are not over, ``late`` are open and past the handler's limit, and ``not_admitted`` are
    open though their matter is not admitted now (it was withdrawn since). ``checks`` wait for
    them to verify somebody else's work."""

    person: str
    grids: list[str]
    sent: int = 0
    open: int = 0
    late: int = 0
    not_admitted: int = 0
    checks: int = 0


def workers_in(world: World, grid: str, at: datetime) -> list[PostingStarted]:
    """The workers' posts in the subtree of a grid."""
    below = (each for each, path in world.paths.items() if each == grid or grid in path)
    posts = (post for each in below for post in world.postings.in_grid(each, at))
    return [post for post in posts if post.role == WORKER]


class Tally:
    """Adds up case by case for everybody in these posts, also for those who have nothing."""

    def __init__(self, posts: Iterable[PostingStarted], world: World, at: datetime) -> None:
        self._world, self._at = world, at
        self._found: dict[str, WorkerLoad] = {}
        for post in posts:
            mine = self._found.setdefault(post.person, WorkerLoad(person=post.person, grids=[]))
            mine.grids = sorted({*mine.grids, post.grid})

    def add(self, case: CaseState) -> None:
        task, check = case.task, case.verification
        if task and (mine := self._of(task.handler)) is not None:
            mine.sent += 1
            mine.open += case.is_open
            mine.late += case.is_open and task.overdue
            admitted = self._world.admissions.allows(case.matter, self._at)
            mine.not_admitted += case.is_open and not admitted
        if check and case.is_open and (mine := self._of(check.verifier)) is not None:
            mine.checks += 1

    def result(self) -> list[WorkerLoad]:
        """Who has the most open first."""
        return sorted(self._found.values(), key=lambda each: (-each.open, -each.sent, each.person))

    def _of(self, party: Party | None) -> WorkerLoad | None:
        return self._found.get(party.person) if party and party.person else None
