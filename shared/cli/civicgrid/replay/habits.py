"""What people do with what waits for them: after how long, and in what share of cases what.

Times are domain time, shares are of all such cases. Without anything said everybody acts at once,
and does what is asked.
"""

from random import Random
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.values import Limit, LimitUnit

Share = Annotated[float, Field(ge=0, le=1)]
Minutes = Annotated[float, Field(ge=0, le=100_000)]
DAY = Limit(amount=1, unit=LimitUnit.WORKING_DAYS)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Habit(Part):
    """After how many minutes, from the first to the second, somebody acts; the share of cases in
    which they never do; the share in which they let the limit pass first, where there is one."""

    delay_minutes: tuple[Minutes, Minutes] = (0, 0)
    never: Share = 0
    late: Share = 0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.delay_minutes[0] > self.delay_minutes[1]:
            raise ValueError("delay_minutes: the shorter delay comes first")
        return self

    def delay(self, random: Random) -> float | None:
        """Minutes until the act, or None for never."""
        return None if random.random() < self.never else random.uniform(*self.delay_minutes)


class Verifying(Habit):
    """Those who check others' work; ``fail`` is the share sent back in the first round."""

    fail: Share = 0


class Handling(Habit):
    """Post-holders with a task: they return it (``again``: after somebody else has), ask for a
    pause of so many minutes or for more time, ask to void it; the rest do it, and ``answers`` of
    those propose the answer to the reporters."""

    returns: Share = 0
    again: Share = 0
    pause: Share = 0
    pause_minutes: Minutes = 1440
    extension: Share = 0
    extension_limit: Limit = DAY
    void: Share = 0
    answers: Share = 0

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if max(self.returns, self.again) + self.void > 1 or self.pause + self.extension > 1:
            raise ValueError("the shares are more than all tasks together")
        return self


class Mediating(Habit):
    """Disputes: so many sittings, then an agreement, unless it fails (and goes up) or is passed
    on."""

    sittings: Annotated[int, Field(ge=0, le=20)] = 1
    failed: Share = 0
    passed_on: Share = 0


class Serving(Habit):
    """On-behalf services: the papers go to a higher hall first (``hand_on``); the result is that
    it is granted, refused, or that more is needed at first."""

    hand_on: Share = 0
    refused: Share = 0
    more_needed: Share = 0


class Advising(Habit):
    """Inquiries: answered from a published text, or in own words."""

    from_text: Share = 0


class Supervising(Habit):
    """Supervisors with what comes back to them: ``grants`` of the requests for more time, and
    ``reopens`` of the wishes that a higher level decides on."""

    grants: Share = 1
    reopens: Share = 1


class Pressing(Habit):
    """Supervisors who see that a handler is late: they press, issue a slip by hand, take the case
    up a level, or have that level do it."""

    press: Share = 0
    slip: Share = 0
    escalate: Share = 0
    take_over: Share = 0


class Judging(Habit):
    """Arbiters: ``to_post`` of the tasks go to a post, the rest to a department that has a charter
    for it; of those rulings ``propose`` ask for a charter entry."""

    to_post: Share = 0
    propose: Share = 0


class Approving(Habit):
    """Those who are asked to void a case."""

    approves: Share = 1


class Answering(Habit):
    """Slips, or reporters, to be answered."""


class Responding(Habit):
    """Posts on duty that hear of an emergency: ``take`` of the tasks that nobody has accepted."""

    take: Share = 0


class Rating(Habit):
    """Reporters: ``rate`` of them answer, ``dissent`` of those say that it is not solved, and of
    those ``insist`` once more when it is closed again."""

    rate: Share = 0
    dissent: Share = 0
    insist: Share = 0


class Departments(Part):
    """Reference departments: ``lapsed`` tasks are not accepted in time, under leases of these
    minutes; ``returned`` of those that come first to them, ``again`` of those given anew. Late
    ones take ``late_of_limit`` times their limit, if that is at most so many minutes. Who is called
    to an operation is on the way for ``travel_minutes`` and there for ``visit_minutes``."""

    accept_minutes: Minutes = 240
    lease_minutes: Minutes = 240
    minutes: tuple[Minutes, Minutes] = (60, 600)
    lapsed: Share = 0
    returned: Share = 0
    again: Share = 0
    help: Share = 0
    units: tuple[str, ...] = ()
    travel_minutes: tuple[Minutes, Minutes] = (10, 25)
    visit_minutes: tuple[Minutes, Minutes] = (15, 60)
    late: Share = 0
    late_of_limit: tuple[float, float] = (1.02, 1.5)
    late_at_most_minutes: Minutes = 7200
    pause: Share = 0
    pause_minutes: tuple[Minutes, Minutes] = (600, 1440)
    extension: Share = 0
    extension_limit: Limit = DAY
    decided_minutes: Minutes = 0

    def behaviour(self, seed: int, *, steady: bool = False) -> dict[str, Any]:
        """As a department's own file has it, for all departments."""
        late, most = list(self.late_of_limit), self.late_at_most_minutes
        pause = {"share": self.pause, "minutes": list(self.pause_minutes)}
        more = {
            "share": self.extension,
            "limit": self.extension_limit.model_dump(mode="json"),
            "decided_minutes": self.decided_minutes,
        }
        found: dict[str, Any] = {
            "matters": ["*"],
            "minutes": list(self.minutes),
            "ignored": self.lapsed,
            "returned": {"share": self.returned, "again": None if steady else self.again},
            "late": {"share": self.late, "of_limit": late, "at_most_minutes": most},
            "pause": pause,
            "extension": more,
            "evidence": ["photo-after"],
        }
        if self.units:
            found["help"] = {"share": self.help, "units": list(self.units)}
        called = {"travel": list(self.travel_minutes), "work": list(self.visit_minutes)}
        head = {"department": "*", "seed": seed, "steady": steady}
        return {**head, "behaviours": [found], "operations": called}
