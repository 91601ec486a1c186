"""What every reporter can rely on, whoever reported first (domain rules 3 and 5): reckoned here
anew, and compared with what dispatch answers."""

from datetime import datetime
from typing import Any

from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.reopen import Reopen
from dispatch.domain.state import CaseState, Status
from tests.unit.dispatch.district import Desk


def wish(command: Any) -> tuple[str, datetime] | None:
    """The report that wishes its case opened again, and when."""
    if isinstance(command, HearRating) and not command.solved:
        return command.report, command.rated_at
    return (command.report, command.asked_at) if isinstance(command, Reopen) else None


class Rights:
    """Once by dissent; after that a higher level, whose word on a closing is the last."""

    def __init__(self) -> None:
        self.used = False
        self.spoken = False

    def check(self, command: Any, before: CaseState, desk: Desk, names: list[str]) -> None:
        if isinstance(command, DecideReopening) and names:
            self.spoken = "case.reopened" not in names
            self.used = True
            assert not desk.state.referred, "one word for all who wait"
        asked = wish(command)
        if asked is not None:
            self._answered(asked, before, desk, names)
            return
        again = "case.reopened" in names
        assert not again or isinstance(command, DecideReopening), "opened again by nobody's wish"
        if "case.closed" in names:
            self.spoken = False

    def _answered(
        self, asked: tuple[str, datetime], before: CaseState, desk: Desk, names: list[str]
    ) -> None:
        report, at = asked
        if before.status != Status.CLOSED or report in before.referred:
            assert "case.reopened" not in names
            return
        assert before.closed_at is not None
        if at - before.closed_at > desk.world.policy.reopen_window or self.spoken:
            assert names == ["reopening.refused"], names
        elif self.used:
            assert names == ["reopening.referred"], names
            assert report in desk.state.referred
        else:
            assert names[0] == "case.reopened", names
            assert desk.state.is_open
            self.used = True
