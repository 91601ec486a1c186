"""What happened to cases, counted from their timelines: every event, and what it was of."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from civicgrid.client import Api
from civicgrid.replay.deeds.stage import LOOKER

AT_ONCE, PAGE = 16, 100
SPECIAL = ("dispute", "service", "inquiry")
"""Classes of matters that are handled in ways of their own."""

Entry = dict[str, Any]
Finer = Callable[[Entry, "Story"], Iterable[str]]


@dataclass
class Story:
    """One case, as it is told so far: its matter, and who has the task."""

    limits: tuple[timedelta, timedelta]
    matter: str = ""
    to: str = ""
    returned: int = 0
    closings: int = 0
    ruled: bool = False
    limited: bool = False
    checked: bool = False
    slips: set[str] = field(default_factory=set)
    wanted: dict[str, str] = field(default_factory=dict)

    @property
    def worked(self) -> bool:
        """Whether it is work, and not a dispute, a service or an inquiry."""
        return self.matter.partition("/")[0] not in SPECIAL

    def within(self, entry: Entry, ends: str = "due_at") -> bool:
        """Whether a limit is between the two."""
        due = entry["facts"].get(ends)
        if due is None:
            return False
        limit = datetime.fromisoformat(due) - datetime.fromisoformat(entry["at"])
        return self.limits[0] <= limit <= self.limits[1]


async def timelines(api: Api, cases: Sequence[str]) -> list[list[Entry]]:
    """Of each case all that happened."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(case: str) -> list[Entry]:
        found: list[Entry] = []
        after: str | None = "0"
        async with free:
            while after is not None:
                page = await api.get(
                    "dispatch", f"/cases/{case}/timeline", LOOKER, after=after, limit=PAGE
                )
                found += page["entries"]
                after = page["cursor"]
        return found

    return list(await asyncio.gather(*(one(case) for case in cases)))


def counted(cases: Iterable[Sequence[Entry]], limits: tuple[timedelta, timedelta]) -> Counter[str]:
    """All events by name, and finer: ``slip.issued:yellow``. ``limited`` are tasks of departments,
    checks and slips whose limit is between the two, in elapsed time."""
    found: Counter[str] = Counter()
    for entries in cases:
        story = Story(limits)
        for entry in entries:
            found[entry["event"]] += 1
            found.update(_finer(entry, story))
    return found


def _finer(entry: Entry, story: Story) -> list[str]:
    """What the event was of, as words behind its name."""
    finer = _FINER.get(entry["event"])
    return [] if finer is None else [f"{entry['event']}:{word}" for word in finer(entry, story)]


def _received(entry: Entry, story: Story) -> Iterator[str]:
    story.matter = entry["facts"]["matter"]
    yield story.matter.partition("/")[0]


def _assigned(entry: Entry, story: Story) -> Iterator[str]:
    """To whom; first or after somebody else, where it is a task that can be returned."""
    [handler] = [each for each in entry["who"] if each["role"] == "handler"]
    story.to = "department" if handler["kind"] == "department" else "post"
    rework, ruled = bool(entry["facts"].get("rework")), story.ruled
    story.limited, story.ruled = story.to == "department" and story.within(entry), False
    yield story.to
    yield from ("limited",) if story.limited else ()
    if any(each["code"] == "emergency_taken" for each in entry["why"]):
        yield "taken"
    if not rework and not ruled and (story.worked or story.to == "department"):
        again = story.returned if story.to == "post" else entry["facts"]["assignment"] - 1
        yield f"{story.to}:{'again' if again else 'first'}"


def _of_handler(_: Entry, story: Story) -> Iterator[str]:
    yield story.to
    yield from ("limited",) if story.limited else ()


def _returned(entry: Entry, story: Story) -> Iterator[str]:
    before = story.returned if story.to == "post" else entry["facts"]["assignment"] - 1
    story.returned += 1
    yield f"{story.to}:{'again' if before else 'first'}"


def _ruled(entry: Entry, story: Story) -> Iterator[str]:
    story.ruled = True
    yield from ("proposed",) if entry["facts"].get("propose") else ()


def _asked(entry: Entry, story: Story) -> Iterator[str]:
    story.wanted[entry["facts"]["request"]] = entry["event"].partition(".")[0]
    yield story.to


def _not_given(entry: Entry, story: Story) -> Iterator[str]:
    wanted = story.wanted[entry["facts"]["request"]]
    yield f"{wanted}:{'refused' if _by_hand(entry) else 'undecided'}"


def _moved(entry: Entry, _: Story) -> Iterator[str]:
    yield from ("handle",) if entry["facts"]["clock"].startswith("handle") else ()


def _escalated(entry: Entry, _: Story) -> Iterator[str]:
    yield "by_hand" if _by_hand(entry) else "by_rule"
    yield from ("takes_over",) if entry["facts"].get("takes_over") else ()


def _slip(entry: Entry, story: Story) -> Iterator[str]:
    yield str(entry["facts"]["colour"])
    yield from ("by_hand",) if _by_hand(entry) else ()
    if story.within(entry, "answer_by"):
        story.slips.add(entry["facts"]["slip"])
        yield "limited"


def _slip_late(entry: Entry, story: Story) -> Iterator[str]:
    yield from ("limited",) if entry["facts"]["slip"] in story.slips else ()


def _check(entry: Entry, story: Story) -> Iterator[str]:
    story.checked = story.within(entry)
    yield from ("limited",) if story.checked else ()


def _check_late(_: Entry, story: Story) -> Iterator[str]:
    yield from ("limited",) if story.checked else ()


def _verified(entry: Entry, _: Story) -> Iterator[str]:
    yield from ("first",) if entry["facts"]["round"] == 1 else ()


def _closed(_: Entry, story: Story) -> Iterator[str]:
    story.closings += 1
    yield from ("first",) if story.closings == 1 else ()


def _fact(name: str) -> Finer:
    return lambda entry, _: [str(entry["facts"][name])]


def _by_hand(entry: Entry) -> bool:
    return any(each["role"] == "by" for each in entry["who"])


_FINER: Mapping[str, Finer] = {
    "case.received": _received,
    "task.assigned": _assigned,
    "task.accepted": _of_handler,
    "task.lapsed": _of_handler,
    "task.overdue": _of_handler,
    "task.twice_overdue": _of_handler,
    "task.returned": _returned,
    "ruling.made": _ruled,
    "pause.requested": _asked,
    "extension.requested": _asked,
    "relief.refused": _not_given,
    "clock.started": _fact("kind"),
    "clock.paused": _moved,
    "clock.extended": _moved,
    "slip.issued": _slip,
    "slip.overdue": _slip_late,
    "verification.requested": _check,
    "verification.overdue": _check_late,
    "case.escalated": _escalated,
    "verification.passed": _verified,
    "verification.failed": _verified,
    "case.closed": _closed,
    "mediation.ended": _fact("outcome"),
    "service.returned": _fact("result"),
    "inquiry.answered": lambda entry, _: ["from_text"] if entry["facts"].get("knowledge") else [],
}
