"""From events to rows: what figures need of each event, and nothing else."""

from collections.abc import Callable, Sequence
from typing import Any

from assessment.domain.ledger import CASE_CLOCK, FOUND_FIRST, RECORDED
from assessment.domain.rows import Kind, Row
from assessment.views.blocks import LOG
from case_contracts.envelope import Envelope
from case_contracts.events import dispatch, intake
from case_contracts.events.intake import Channel
from case_contracts.values import Party
from service_kit.events.numbered import Drafted, Entry
from service_kit.mongo import Database, Document

Rows = Callable[[Any, Envelope], Document]


async def settle(_: Database, drafts: Sequence[Drafted]) -> Sequence[Sequence[Entry]]:
    """Every row goes into the one log."""
    return [[Entry(LOG, draft.content)] for draft in drafts]


def stored(row: Row) -> Document:
    return {"row": list(row)}


def _row(envelope: Envelope, kind: str, **rest: Any) -> Document:
    at = envelope.occurredat.timestamp()
    return stored(Row(event=envelope.id, kind=kind, sequence=envelope.number, at=at, **rest))


def _party(party: Party) -> str:
    return f"{party.kind}:{party.id}"


def _path(grid: str, above: Sequence[str]) -> str:
    """The grid and all above it, once each, from the root down."""
    return " ".join(dict.fromkeys((*above, grid)))


def _seconds(due: Any) -> float | None:
    return None if due is None else float(due.timestamp())


def on_case_opened(data: intake.CaseOpened, envelope: Envelope) -> Document:
    path = _path(data.grid, data.grid_path)
    return _row(envelope, Kind.OPENED, case=data.case, path=path, code=filing(data))


def filing(data: intake.CaseOpened) -> str | None:
    """Whether it comes from a city's past, and whether patrol found it before any resident."""
    words = {RECORDED: data.recorded is not None, FOUND_FIRST: data.channel == Channel.PATROL}
    return " ".join(word for word, said in words.items() if said) or None


def on_case_placed(data: dispatch.CasePlaced, envelope: Envelope) -> Document:
    return _row(envelope, Kind.PLACED, case=data.case, path=_path(data.grid, data.grid_path))


def on_clock_started(data: dispatch.ClockStarted, envelope: Envelope) -> Document:
    """Also of the clocks that no figure needs, as the trace that the event was taken in."""
    code = CASE_CLOCK if data.kind == dispatch.ClockKind.CASE else str(data.kind)
    return _row(envelope, Kind.CLOCK, case=data.case, due=_seconds(data.due_at), code=code)


def on_clock_paused(data: dispatch.ClockPaused, envelope: Envelope) -> Document:
    """``due`` is when time runs again at the latest: nobody is late before."""
    code = _kind_of(data.clock)
    return _row(envelope, Kind.PAUSED, case=data.case, due=_seconds(data.until), code=code)


def on_clock_moved(
    data: dispatch.ClockResumed | dispatch.ClockExtended, envelope: Envelope
) -> Document:
    """The limit ends at another time; null while the clock is paused."""
    code = _kind_of(data.clock)
    return _row(envelope, Kind.MOVED, case=data.case, due=_seconds(data.due_at), code=code)


def _kind_of(clock: str) -> str:
    """``handle`` of ``handle:2``."""
    return clock.split(":", 1)[0]


def on_task_assigned(data: dispatch.TaskAssigned, envelope: Envelope) -> Document:
    due = _seconds(data.due_at)
    return _row(envelope, Kind.ASSIGNED, case=data.case, due=due, **_task(data))


def on_task(kind: str) -> Rows:
    """Rows of what happens to a task in a handler's hands."""

    def on_event(data: Any, envelope: Envelope) -> Document:
        return _row(envelope, kind, case=data.case, **_task(data))

    return on_event


def _task(data: Any) -> dict[str, Any]:
    return {
        "task": data.taskid,
        "assignment": data.assignment,
        "handler": _party(data.handler),
    }


def on_verified(kind: str) -> Rows:
    """Rows of a verifier's word."""

    def on_event(data: Any, envelope: Envelope) -> Document:
        handler = _party(data.handler)
        return _row(envelope, kind, case=data.case, task=data.taskid, handler=handler)

    return on_event


def on_case_closed(data: dispatch.CaseClosed, envelope: Envelope) -> Document:
    code = RECORDED if data.recorded else None
    return _row(envelope, Kind.CLOSED, case=data.case, due=_seconds(data.due_at), code=code)


def on_case_reopened(data: dispatch.CaseReopened, envelope: Envelope) -> Document:
    return _row(envelope, Kind.REOPENED, case=data.case)


def on_case_voided(data: dispatch.CaseVoided, envelope: Envelope) -> Document:
    return _row(envelope, Kind.VOIDED, case=data.case)


def on_satisfaction_rated(data: intake.SatisfactionRated, envelope: Envelope) -> Document:
    code = "solved" if data.solved else "not_solved"
    return _row(envelope, Kind.RATED, case=data.case, code=code)


def place_of(data: intake.CaseOpened, _: Envelope) -> Document:
    """Where a case lies, to be found by its id when its filing is long past; and of whom it
    complains, who must not see it behind a figure."""
    place = {"case": data.case, "path": _path(data.grid, data.grid_path)}
    return place if data.about is None else {**place, "about": data.about.model_dump()}
