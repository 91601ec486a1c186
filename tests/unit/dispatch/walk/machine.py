"""The walk: one case, everybody who can do something, and time."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from case_contracts.values import About
from dispatch.commands.aggregate import EVERY, STEPS
from dispatch.commands.department_command import DepartmentCommand
from dispatch.commands.hand_on import HandOn
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.hear_withdrawal import HearWithdrawal
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reassign import ReexamineCharter
from dispatch.commands.reopen import Reopen
from dispatch.commands.tick import Tick
from dispatch.commands.void_case import VoidCase
from dispatch.commands.voiding import DecideVoiding
from dispatch.domain import machine
from dispatch.domain.routing import involved
from dispatch.domain.step import Step, Who
from dispatch.domain.succession import left_behind
from dispatch.domain.timers import next_due
from dispatch.domain.whose import parties
from service_kit.errors import CivicError, Refused
from tests.unit.dispatch.district import CHARTERS, MANHOLE, START, Desk, filed
from tests.unit.dispatch.rows import rows_of
from tests.unit.dispatch.walk.always import Watcher, finished, ledger, somebodys
from tests.unit.dispatch.walk.moves import MOVES, Pick, department
from tests.unit.dispatch.walk.rights import Rights
from tests.unit.dispatch.walk.town import GROUND, MATTERS, STAFF, left, revoked, town
from tests.unit.dispatch.walk.way import next_on_its_way

COUNTS: Counter[tuple[str, str]] = Counter()
"""How often each step was done, refused, or changed nothing: what the soak prints."""

OWNERS = {step.name: kind for kind, rows in STEPS.items() for step in rows}
COMMANDS = sorted(MOVES, key=lambda kind: kind.__name__)
ENDING = frozenset({"merge", "decide_voiding"})
LAST = frozenset({VoidCase, HearWithdrawal, DecideVoiding})
"""After these nothing much happens, so they are tried seldom."""

FEW = 2
NAMED = frozenset({Who.DEPARTMENT, Who.HANDLER, Who.PLACER, Who.ALERTED, Who.SLIP_ANSWERER})
ABOUT = (None, None, None, About(kind="department", id="um"), About(kind="person", id="p-lead"))


class CaseMachine(RuleBasedStateMachine):
    """``make soak`` counts in ``COUNTS``; each rule is one thing that happens to the case."""

    @initialize(
        matter=st.sampled_from((*MATTERS, MANHOLE, MANHOLE)),
        grid=st.sampled_from(["u1", "u2"]),
        located=st.sampled_from([True, True, True, False]),
        by=st.sampled_from([None, None, "p-w1"]),
        about=st.sampled_from(ABOUT),
        urgent=st.booleans(),
    )
    def open(
        self, matter: str, grid: str, located: bool, by: str | None, about: Any, urgent: bool
    ) -> None:
        self.desk, self.rights = Desk(), Rights()
        self.moves, self.gone = list[Any](), list[Any]()
        self.desk.world = town()
        self.watcher = Watcher(self.desk.state.case)
        where = grid if located else "d"
        self.attempt(
            OpenCase(
                filed(
                    matter=matter, grid=where, grid_path=GROUND[where], located=located, by=by,
                    about=about, condition="urgent" if urgent and matter == MANHOLE else "seen",
                )
            )
        )  # fmt: skip

    def attempt(self, command: Any) -> None:
        """One commit; what the gate refuses it must not call possible."""
        before, rows = self.desk.state, rows_of(command)
        name = rows[0].name if len(rows) == 1 else type(command).__name__
        try:
            names = self.desk.do(command)
        except Refused as refusal:
            COUNTS[name, "refused"] += 1
            self._not_called_possible({row.name for row in rows}, refusal)
            return
        except CivicError:
            COUNTS[name, "refused"] += 1
            return
        outcome = "done" if names else "nothing"
        COUNTS[name, "refused" if names == ["command.refused"] else outcome] += 1
        self.rights.check(command, before, self.desk, names)

    def _not_called_possible(self, names: set[str], refusal: Refused) -> None:
        """What the gate refuses is not among what it says is possible."""
        assert not names & set(refusal.extra.get("possible", ()))

    @rule(data=st.data())
    def somebody_does_what_is_possible(self, data: st.DataObject) -> None:
        self._do_something(Pick(data))

    @rule(well=st.sampled_from([True, True, True, False]))
    def it_goes_its_way(self, well: bool) -> None:
        command = next_on_its_way(self.desk, well=well)
        if command is not None:
            self.attempt(command)

    @rule(data=st.data())
    def and_then_something_else(self, data: st.DataObject) -> None:
        self._do_something(Pick(data))

    @rule(data=st.data())
    def and_after_a_while_something_more(self, data: st.DataObject) -> None:
        self.desk.later(minutes=30)
        self.attempt(Tick(self.desk.now))
        self._do_something(Pick(data))

    def _is_somebodys(self, step: Step) -> bool:
        """A department's steps are nobody's while a post has the task."""
        named = step.who & NAMED
        return named != step.who or any(parties(who, self.desk.state) for who in named)

    def _do_something(self, pick: Pick) -> None:
        state, world = self.desk.state, self.desk.world
        steps = [step for step in EVERY if self._is_somebodys(step)]
        names = machine.possible(steps, state, world, self.desk.now)
        if not set(names) - ENDING:
            return
        name = pick.one(sorted(set(names) - pick.rare(ENDING)))
        if OWNERS[name] is DepartmentCommand:
            command: Any = department(self.desk, pick, name)
        else:
            command = MOVES[OWNERS[name]](self.desk, pick)
        if command is not None:
            self.attempt(command)

    @rule(kind=st.sampled_from(COMMANDS), data=st.data())
    def anybody_tries_anything(self, kind: type, data: st.DataObject) -> None:
        pick = Pick(data)
        command = MOVES[kind](self.desk, pick)
        if command is not None and kind not in pick.rare(LAST):
            self.attempt(command)

    @rule(data=st.data(), dissents=st.booleans())
    def a_reporter_is_heard(self, data: st.DataObject, dissents: bool) -> None:
        self.attempt(MOVES[HearRating if dissents else Reopen](self.desk, Pick(data)))

    @rule(minutes=st.sampled_from([7, 61, 200, 500, 1500, 6000, 20000]), exactly=st.booleans())
    def time_passes(self, minutes: int, exactly: bool) -> None:
        """The timers fire each in its second, or all late, as after a restart."""
        until = self.desk.now + timedelta(minutes=minutes)
        while exactly and (due := next_due(self.desk.state)) is not None and due <= until:
            self.desk.now = max(self.desk.now, due)
            self.attempt(Tick(due))
        self.desk.now = until
        self.attempt(Tick(until))
        after = next_due(self.desk.state)
        assert after is None or after > until, "something is due for ever"

    @rule(minutes=st.integers(1, 600))
    def nobody_looks_at_the_clock(self, minutes: int) -> None:
        self.desk.later(minutes=minutes)

    @rule(number=st.integers(0, len(STAFF) - 1), replaced=st.booleans())
    def a_post_is_left(self, number: int, replaced: bool) -> None:
        if len(self.moves) > FEW:
            return
        self.moves += left(number, self.desk.now, replaced=replaced)
        self._anew()
        self.attempt(HandOn())
        state, known, now = self.desk.state, self.desk.world, self.desk.now
        if any(post.person not in involved(state) for post in known.postings.in_grid("d", now)):
            assert state.about or left_behind(state, known, now) is None

    @rule(number=st.integers(0, len(CHARTERS) - 1))
    def a_charter_is_revoked(self, number: int) -> None:
        if self.gone:
            return
        self.gone.append(revoked(number, self.desk.now))
        self._anew()
        self.attempt(ReexamineCharter(CHARTERS[number].charter, 1))

    def _anew(self) -> None:
        self.desk.world = town(self.moves, self.gone)

    @invariant()
    def what_always_holds(self) -> None:
        self.watcher.see(self.desk.happened)
        assert self.watcher.state == self.desk.state, "the state is the fold of its events"
        somebodys(self.desk.state)
        ledger(self.desk.state, self.watcher.ended)
        finished(self.desk.state)
        assert self.desk.now >= START
