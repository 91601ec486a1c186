"""Places for files on their way: a share for each department, an end for all."""

from contextlib import ExitStack

import pytest

from gateway.views.room import ALL, EACH, Room
from service_kit.errors import TooMany, Unavailable


def test_a_department_has_its_share_and_gets_it_back() -> None:
    room = Room()
    with ExitStack() as files:
        for _ in range(EACH):
            files.enter_context(room.place("um"))
        with pytest.raises(TooMany):
            files.enter_context(room.place("um"))
        files.enter_context(room.place("wa"))
    with room.place("um"):
        pass


def test_all_together_have_an_end() -> None:
    room = Room()
    with ExitStack() as files:
        for number in range(ALL):
            files.enter_context(room.place(f"department-{number // EACH}"))
        with pytest.raises(Unavailable):
            files.enter_context(room.place("another"))
