"""Whether every clock explains itself: each deadline counted again from what ``GET
/cases/{case}/clock`` shows, and nothing else of the case."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from case_contracts.values import Limit, LimitUnit
from civicgrid.client import Api
from civicgrid.replay.deeds.stage import LOOKER
from service_kit.worktime import Still, WorkCalendar, course

AT_ONCE = 16
CLOSE = timedelta(milliseconds=1)
BY_SECONDS = (LimitUnit.HOURS, LimitUnit.WORKING_HOURS)


@dataclass(frozen=True)
class Checked:
    """So many cases with so many deadlines; what did not agree, in words."""

    cases: int
    deadlines: int
    wrong: Sequence[str]

    @property
    def agree(self) -> int:
        """Cases of which every deadline was counted again alike."""
        return self.cases - len({each.partition(" ")[0] for each in self.wrong})


async def check_clocks(api: Api, cases: Sequence[str], calendar: WorkCalendar) -> Checked:
    """Of every case; ``calendar`` is the district's."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(case: str) -> tuple[int, list[str]]:
        async with free:
            shown = await api.get("dispatch", f"/cases/{case}/clock", LOOKER)
            state = await api.get("dispatch", f"/cases/{case}", LOOKER)
        with_limit = [each for each in shown["segments"] if each["limit"] is not None]
        said = [*_of_case(shown, state, calendar), *_of_segments(with_limit, calendar)]
        return len(with_limit), [f"{case} {each}" for each in said]

    found = await asyncio.gather(*(one(case) for case in cases))
    wrong = [each for _, said in found for each in said]
    return Checked(len(cases), sum(count for count, _ in found), wrong)


def due_again(segment: dict[str, Any], calendar: WorkCalendar) -> datetime | None:
    """The deadline by the start, the limits and the pauses that are shown; None where time stands
    still, or has no limit."""
    limits = [Limit.model_validate(part["limit"]) for part in segment["parts"]]
    stills = [Still(_at(p["start"]), _at(p["end"]) if p["end"] else None)
              for p in segment["pauses"]]  # fmt: skip
    legs = course(_at(segment["started_at"]), limits, stills, calendar)
    return legs[-1].end if legs else None


def _of_case(shown: dict[str, Any], state: dict[str, Any], calendar: WorkCalendar) -> Iterator[str]:
    """The case's deadline is that of its own latest segment, as the case itself has it."""
    own = [each for each in shown["segments"] if each["kind"] == "case"]
    due = due_again(own[-1], calendar) if own else None
    if not _same(due, shown["due_at"]) or not _same(due, state["due_at"]):
        yield f"is due {shown['due_at']} ({state['due_at']}); counted again {due}"


def _of_segments(segments: Sequence[dict[str, Any]], calendar: WorkCalendar) -> Iterator[str]:
    for each in segments:
        if (each["calendar"]["id"], each["calendar"]["version"]) != (
            calendar.version.id, calendar.version.version,
        ):  # fmt: skip
            yield f"{each['id']} counts by calendar {each['calendar']}, not {calendar.version}"
            continue
        due = due_again(each, calendar)
        if not _same(due, each["due_at"]):
            yield f"{each['id']} is due {each['due_at']}; counted again {due}"
        yield from (f"{each['id']}: {said}" for said in _of_parts(each))


def _of_parts(segment: dict[str, Any]) -> Iterator[str]:
    """The time that is said to have counted: as much as the limit, and none while it stood."""
    for part in segment["parts"]:
        spans = [(_at(span["start"]), _at(span["end"])) for span in part["spans"]]
        limit = Limit.model_validate(part["limit"])
        whole = timedelta(hours=limit.amount).total_seconds()
        left = part["left_seconds"] or 0.0
        begun = bool(spans) and limit.unit in BY_SECONDS
        if begun and abs(part["seconds"] + left - whole) > CLOSE.total_seconds():
            yield f"{part['seconds'] + left:g} s counted of a limit of {whole:g} s"
        for pause in segment["pauses"]:
            end = _at(pause["end"]) if pause["end"] else None
            if any(_at(pause["start"]) < b and (end is None or a < end) for a, b in spans):
                yield f"time counted while it stood still from {pause['start']}"


def _same(due: datetime | None, said: str | None) -> bool:
    if due is None or said is None:
        return due is None and said is None
    return abs(due - _at(said)) < CLOSE


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
