"""What indicators count: stints of work, cases, and moments in them."""

from dataclasses import dataclass


@dataclass(slots=True)
class Course:
    """One case. ``due``: the limit of its clock, the newest segment's; null without one."""

    case: str
    path: str | None = None
    opened_at: float | None = None
    due: float | None = None
    closed_at: float | None = None
    completed_at: float | None = None
    closed: bool = False
    recorded: bool = False
    found_first: bool = False
    handler: str | None = None
    at: float = 0.0
    opened_event: str | None = None
    due_event: str | None = None
    closed_event: str | None = None

    @property
    def on_time(self) -> bool | None:
        """Whether the closed case's work was done within the case's limit; null if open or
        without a limit. A slow verifier makes nobody late."""
        if not self.closed or self.due is None or self.closed_at is None:
            return None
        done = self.closed_at if self.completed_at is None else self.completed_at
        return done <= self.due

    def events(self) -> list[str]:
        return [e for e in (self.opened_event, self.due_event, self.closed_event) if e]


@dataclass(slots=True)
class Stint:
    """A task in one handler's hands, from its assignment on.

    ``over_at``: when it was returned or taken away. ``verified``: its completion was checked
    by somebody else, or is a closing that a city's past records.
    """

    course: Course
    task: str
    handler: str
    at: float
    due: float | None
    assigned_event: str
    over_at: float | None = None
    over_event: str | None = None
    completed_at: float | None = None
    completed_event: str | None = None
    verified: bool = False
    verified_event: str | None = None
    overdue_event: str | None = None

    def events(self) -> list[str]:
        said = (
            self.assigned_event,
            self.overdue_event,
            self.completed_event,
            self.verified_event,
            self.over_event,
        )
        return [e for e in said if e]


@dataclass(slots=True)
class Moment:
    """Something that happened in a case: a completion, a failed verification, a reopening."""

    course: Course
    handler: str | None
    at: float
    event: str
    task: str | None = None

    def events(self) -> list[str]:
        return [self.event]


Item = Course | Stint | Moment
