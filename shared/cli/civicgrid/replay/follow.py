"""Following cases until they are closed, or wait for somebody or some time."""

from collections import deque
from collections.abc import Callable, Set
from typing import Any

from civicgrid.client import Api
from civicgrid.replay.deeds.stage import LOOKER

AT_ONCE = 100
OVER = ("closed", "voided")
TWICE = 2

Standing = dict[str, Any]


class Follower:
    """Where each case stood when last looked at; ``None`` before dispatch has taken it up."""

    def __init__(self, api: Api, on_closed: Callable[[Standing], None]) -> None:
        self._api, self._on_closed = api, on_closed
        self.standing: dict[str, Standing | None] = {}
        self._open: deque[str] = deque()
        self._to_reopen: set[str] = set()
        self._to_decide: set[str] = set()
        self.changes = 0

    def add(self, case: str) -> None:
        """Follow a case from now on."""
        if case not in self.standing:
            self.standing[case] = None
            self._open.append(case)

    def expect_reopened(self, case: str) -> None:
        """A closed case is to be open again soon: follow it until it has been, and is closed."""
        self._to_reopen.add(case)
        if case not in self._open:
            self._open.append(case)

    def expect_decided(self, case: str) -> None:
        """A higher level is to say whether a closed case is opened once more: follow it until it
        has, and the case is closed."""
        self._to_decide.add(case)
        if case not in self._open:
            self._open.append(case)

    def open_besides(self, left: Set[str]) -> int:
        """How many are not known to be over, without those that are left as they are."""
        return sum(1 for case in self._open if case not in left)

    @property
    def open(self) -> int:
        """How many are not known to be over."""
        return len(self._open)

    @property
    def not_taken_up(self) -> int:
        """How many dispatch does not know yet."""
        return sum(1 for each in self.standing.values() if each is None)

    async def look(self) -> None:
        """Look at up to 100 open cases, those looked at longest ago first."""
        asked = [self._open.popleft() for _ in range(min(AT_ONCE, len(self._open)))]
        if not asked:
            return
        try:
            rows = await self._api.post("dispatch", "/cases/lookup", {"cases": asked}, LOOKER)
        except BaseException:
            self._open.extend(asked)
            raise
        found = {row["case"]: row for row in rows}
        for case in asked:
            self._note(case, found.get(case))

    def _note(self, case: str, row: Standing | None) -> None:
        before = self.standing[case]
        if row != before:
            self.changes += 1
        self.standing[case] = row
        if row is None or row["status"] not in OVER or self._expected_open(row):
            self._open.append(case)
        elif row["status"] == "closed":
            self._on_closed(row)

    def _expected_open(self, row: Standing) -> bool:
        if row["status"] != "closed":
            return False
        again = row["case"] in self._to_reopen and not row["reopened"]
        undecided = not row["decided"] and row["reopened"] < TWICE
        return again or (row["case"] in self._to_decide and undecided)

    def waiting(self) -> list[Standing]:
        """Those that are not over, as they stood."""
        return [row for row in self.standing.values() if row and row["status"] not in OVER]
