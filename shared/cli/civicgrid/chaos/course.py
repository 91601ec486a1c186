"""What became of a case, apart from tasks that lapsed: two runs are compared by it. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Entry = Mapping[str, Any]
DEPARTMENT = "department"
OPEN = "open"
_ENDS = {"case.closed": "closed", "case.voided": "voided", "case.reopened": OPEN}
_COUNTED = {
    "task.returned": "returned 退回",
    "verification.failed": "verification failed 核实不通过",
    "case.closed": "closed 结案",
    "case.reopened": "reopened 重开",
    "ruling.made": "ruled 裁定",
}
_ASKED = {
    "whistle.blown": "help called for 吹哨",
    "pause.requested": "pause asked 申请挂账",
    "extension.requested": "extension asked 申请延期",
}
_GRANTED = {
    "clock.paused": "pause granted 批准挂账",
    "clock.extended": "extension granted 批准延期",
}
STEPS = (*_COUNTED.values(), *_ASKED.values(), *_GRANTED.values())


@dataclass(frozen=True)
class Course:
    """``handlers`` had the task one after the other; whoever got it back after a lapse counts
    once. ``steps`` is how often what happened; of help and more time only whether they were asked
    for and given: a handler asks anew when the task is given anew."""

    handlers: tuple[str, ...]
    steps: frozenset[tuple[str, int]]
    ended: str


@dataclass
class Told:
    """A case from its timeline. ``tasks`` are those that each department was given, ``called``
    the departments that were called to help."""

    course: Course
    lapses: int
    given: int
    accepted: int
    tasks: Mapping[str, set[str]] = field(default_factory=dict)
    called: frozenset[str] = frozenset()


def told(entries: Sequence[Entry]) -> Told:
    """Read off a timeline, in its order."""
    events = Counter(each["event"] for each in entries)
    tasks: defaultdict[str, set[str]] = defaultdict(set)
    handlers: list[str] = []
    for entry in entries:
        if entry["event"] == "task.assigned":
            handler = next(each for each in entry["who"] if each["role"] == "handler")
            if handlers[-1:] != [handler["id"]]:
                handlers.append(handler["id"])
            if handler["kind"] == DEPARTMENT:
                tasks[handler["id"]].add(entry["facts"]["taskid"])
    ends = [_ENDS[each["event"]] for each in entries if each["event"] in _ENDS]
    course = Course(tuple(handlers), frozenset(_steps(entries)), (ends or [OPEN])[-1])
    return Told(
        course, events["task.lapsed"], events["task.assigned"], events["task.accepted"],
        tasks, frozenset(_called(entries)),
    )  # fmt: skip


def totals(cases: Iterable[Told]) -> Counter[str]:
    """In how many cases what happened, how often, summed over all cases."""
    found: Counter[str] = Counter()
    for each in cases:
        found.update(dict(each.course.steps))
    return found


def _steps(entries: Sequence[Entry]) -> Iterator[tuple[str, int]]:
    counted = Counter(_COUNTED[each["event"]] for each in entries if each["event"] in _COUNTED)
    yield from counted.items()
    for entry in entries:
        if entry["event"] in _ASKED:
            yield _ASKED[entry["event"]], 1
        if entry["event"] in _GRANTED and entry["facts"]["clock"].startswith("handle"):
            yield _GRANTED[entry["event"]], 1


def _called(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry["event"] == "whistle.blown":
            yield from (each["id"] for each in entry["who"] if each["role"] in ("units", "lead"))
