"""Which people act at which desk on what, and what they do: the table of the played people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from civicgrid.replay.deeds import deciding, handling, watching
from civicgrid.replay.deeds.stage import Deed
from civicgrid.replay.habits import Habit
from civicgrid.replay.scenario import Scenario


@dataclass(frozen=True)
class Row:
    """``deed`` after the habit's delay. ``part``: already after this part of the delay.
    ``moves_on``: when its limit passes it waits for somebody else, so that who lets it pass does
    nothing. ``beside``: nobody waits for it, so that it is tried once; ``after_limit``: by those
    who see that a limit has passed."""

    habit: Callable[[Scenario], Habit]
    deed: Deed
    part: float = 1.0
    moves_on: bool = False
    beside: bool = False
    after_limit: bool = False


_VERIFY = Row(lambda s: s.verifiers, deciding.verify, moves_on=True)
_RULE = Row(lambda s: s.arbiters, deciding.rule, moves_on=True)
_SLIP = Row(lambda s: s.slips, deciding.answer_slip)
_PRESS = Row(lambda s: s.pressing, watching.press, beside=True, after_limit=True)


def _handling(scenario: Scenario, matter: str) -> Habit:
    """The class of the matter says whose habit it is."""
    by_class: Mapping[str, Habit] = {
        "dispute": scenario.mediators,
        "service": scenario.services,
        "inquiry": scenario.inquiries,
    }
    return by_class.get(matter.partition("/")[0], scenario.handlers)


def rows(desk: str, what: str, matter: str) -> tuple[Row, ...]:
    """All that is done there; nothing where nobody is played."""
    kind = desk.partition(":")[0]
    if (kind, what) == ("person", "handle"):

        def habit(scenario: Scenario) -> Habit:
            return _handling(scenario, matter)

        more_time = Row(habit, handling.ask_for_time, part=0.25, beside=True)
        return Row(habit, handling.handle), more_time, _PRESS
    return _TABLE.get((kind, what), ())


_TABLE: Mapping[tuple[str, str], tuple[Row, ...]] = {
    ("person", "place"): (Row(lambda s: s.placers, deciding.place),),
    ("person", "verify"): (_VERIFY,),
    ("supervisor", "verify"): (_VERIFY,),
    ("supervisor", "lapsed"): (Row(lambda s: s.supervisors, deciding.assign),),
    ("supervisor", "relief"): (Row(lambda s: s.supervisors, deciding.relief),),
    ("person", "ruling"): (_RULE,),
    ("arbiter", "ruling"): (_RULE,),
    ("approver", "voiding"): (Row(lambda s: s.approvers, deciding.void),),
    ("reopening", "reopening"): (Row(lambda s: s.supervisors, deciding.reopen),),
    ("answers", "answer"): (Row(lambda s: s.answers, deciding.answer),),
    ("person", "slip"): (_SLIP,),
    ("department", "slip"): (_SLIP,),
    ("person", "emergency"): (Row(lambda s: s.emergencies, watching.come, beside=True),),
    ("department", "handle"): (_PRESS,),
}
