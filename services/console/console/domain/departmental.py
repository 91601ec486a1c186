"""What a department's people see of their ledger, and what they may say to a task."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from case_contracts.inbox import NoticeItem
from console.domain.ledger import Called, Held, Ledger
from console.domain.moments import Span, span

Tab = Literal["waiting", "in_hand", "operations", "over"]
TABS: tuple[Tab, ...] = ("waiting", "in_hand", "operations", "over")
SOON = timedelta(hours=1)
RETURNS = ("not_ours", "no_power", "other_place", "nothing_there")
HELPS = ("needs_other_powers", "needs_other_tools", "resisted")
RELIEFS = ("needs_approval", "parts_ordered", "weather", "owner_away")
DECLINES = ("no_power", "no_crew")
STEPS = ("on-site", "under-way", "waiting-for-parts")
"""Codes that people choose from; programs may send others."""


@dataclass(frozen=True)
class Limit:
    """Until when; ``left`` is the time until then, or by how much it is late."""

    at: datetime
    left: Span
    mood: Literal["calm", "warn", "bad"]


def limit(at: datetime | None, now: datetime) -> Limit | None:
    if at is None:
        return None
    mood: Literal["calm", "warn", "bad"] = "calm" if at - now > SOON else "warn"
    return Limit(at, span(at - now), "bad" if at < now else mood)


@dataclass(frozen=True)
class Row:
    """A task in a list. ``by`` is until when it has to be accepted, or done."""

    held: Held
    by: Limit | None
    lease: Limit | None
    slips: int


def rows(held: Iterable[Held], now: datetime) -> list[Row]:
    """Those due first on top; without a limit last."""
    found = [_row(each, now) for each in held]
    return sorted(found, key=lambda row: (row.by is None, row.by.at if row.by else now))


def _row(held: Held, now: datetime) -> Row:
    accept_by = held.item.accept_by if held.state == "waiting" else None
    slips = [each for each in held.notices if each.slip]
    by = limit(accept_by or due_at(held), now)
    return Row(held, by, limit(held.lease_until, now), len(slips))


def listed(ledger: Ledger, tab: Tab, now: datetime) -> list[Row]:
    """The tasks of a tab; what is over is the newest first."""
    if tab == "over":
        over = [each for each in ledger.tasks.values() if not each.is_open]
        return [_row(each, now) for each in reversed(over)]
    return rows((each for each in ledger.tasks.values() if each.state == tab), now)


def called(ledger: Ledger) -> list[Called]:
    """Operations, those under way first, the next arrival on top."""
    return sorted(
        ledger.operations.values(), key=lambda each: (not each.is_open, each.item.arrive_by)
    )


def counts(ledger: Ledger) -> dict[Tab, int]:
    tasks = ledger.tasks.values()
    return {
        "waiting": sum(each.state == "waiting" for each in tasks),
        "in_hand": sum(each.state == "in_hand" for each in tasks),
        "operations": sum(each.is_open for each in ledger.operations.values()),
        "over": sum(not each.is_open for each in tasks),
    }


def due_at(held: Held) -> datetime | None:
    """The limit as it was told last: a pause that ended and an extension move it."""
    moved = [each.due_at for each in held.notices if each.due_at is not None]
    return moved[-1] if moved else held.item.due_at


def open_slips(held: Held, answered: Iterable[str]) -> list[NoticeItem]:
    done = set(answered)
    return [each for each in held.notices if each.slip and each.slip not in done]


def task_command(
    held: Held, name: str, key: str, fields: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The command that a form says, as the contract has it; None where something needed is not
    said. ``key`` was made when the form was shown: sent twice it is one command."""
    item = held.item
    said = _SAYS[name](fields) if name in _SAYS else {}
    if said is None:
        return None
    return {
        "id": f"{item.taskid}:{item.assignment}:{name}:{key}", "name": name, "case": item.case,
        "taskid": item.taskid, "assignment": item.assignment, "traceparent": item.traceparent,
        **said,
    }  # fmt: skip


def operation_command(
    called: Called, name: str, key: str, fields: Mapping[str, Any]
) -> dict[str, Any] | None:
    operation = called.item.operation
    said = _SAYS["decline"](fields) if name == "decline" else {}
    if said is None:
        return None
    return {"id": f"{operation}:{name}:{key}", "name": name, "operation": operation, **said}


def _one_of(fields: Mapping[str, Any], name: str, codes: Iterable[str]) -> str | None:
    found = str(fields.get(name, ""))
    return found if found in codes else None


def _step(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    step = _one_of(fields, "step", STEPS)
    return {"step": step} if step else None


def _return(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    reason, proposed = _one_of(fields, "reason", RETURNS), str(fields.get("proposed", ""))
    return {"reason": reason, **({"proposed": proposed} if proposed else {})} if reason else None


def _help(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    reason = _one_of(fields, "reason", HELPS)
    units = [str(each) for each in fields.get("units", []) if each]
    return {"reason": reason, "units": units} if reason and units else None


def _pause(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    reason, until = _one_of(fields, "reason", RELIEFS), fields.get("until")
    return {"reason": reason, "until": until.isoformat()} if reason and until else None


def _extension(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    reason, amount = _one_of(fields, "reason", RELIEFS), str(fields.get("amount", ""))
    if reason is None or not amount.isdigit() or not 0 < int(amount) <= 200:
        return None
    return {"reason": reason, "limit": {"amount": int(amount), "unit": "working_hours"}}


def _decline(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    reason = _one_of(fields, "reason", DECLINES)
    return {"reason": reason} if reason else None


_SAYS = {
    "progress": _step, "return": _return, "ask_help": _help, "ask_pause": _pause,
    "ask_extension": _extension, "decline": _decline,
}  # fmt: skip
TASK_ACTS = ("accept", "heartbeat", "complete", "progress", "return", "ask_help", "ask_pause",
             "ask_extension")  # fmt: skip
OPERATION_ACTS = ("join", "decline", "arrive", "sign_off")
