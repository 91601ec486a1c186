"""The state machine of a case, drawn from its rows for dispatch's README."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from dispatch.commands.aggregate import EVERY
from dispatch.domain.machine import STATUSES
from dispatch.domain.state import Status
from dispatch.domain.step import FINISHED, OPEN, WORK, Effect, Step
from dispatch.domain.whose import LABELS

GROUPS = {WORK: "in work", OPEN: "any open", OPEN - {Status.UNPLACED}: "any open and placed"}


def drawn() -> Iterator[str]:
    """The lines of the README: how the status changes, then every step."""
    yield "**How a case goes on** (steps that leave the status as it is are in the table alone)"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status, label in STATUSES.items():
        yield f"  {status} : {label.zh} {label.en}"
    yield f"  [*] --> {Status.UNKNOWN}"
    for (start, end), names in _edges().items():
        yield f"  {start} --> {end} : {', '.join(names)}"
    for status in sorted(FINISHED):
        yield f"  {status} --> [*]"
    yield "```"
    yield ""
    yield f"**Steps** (*in work*: {_listed(WORK)})"
    yield ""
    yield "| step | from | to | who | not while | clocks |"
    yield "|---|---|---|---|---|---|"
    yield from map(_row, EVERY)


def _edges() -> dict[tuple[Status, Status], list[str]]:
    found = defaultdict(list)
    for step in EVERY:
        for start in _in_order(step.sources):
            for end in _in_order(step.leads(start) - {start}):
                found[start, end].append(step.name)
    return found


def _row(step: Step) -> str:
    needs = "; ".join(f"{need.label.en} (`{need.code}`)" for need in step.needs)
    cells = (
        f"`{step.name}` {step.label.zh} · {step.label.en}",
        _statuses(step.sources),
        _to(step),
        ", ".join(LABELS[who].en for who in sorted(step.who)),
        needs,
        _clocks(step.clocks),
    )
    return f"| {' | '.join(cells)} |"


def _to(step: Step) -> str:
    if not step.sources <= step.targets:
        return _statuses(step.targets)
    others = step.targets - step.sources
    return f"{_statuses(others)}, or stays" if others else "stays"


def _statuses(statuses: frozenset[Status]) -> str:
    return f"*{GROUPS[statuses]}*" if statuses in GROUPS else _listed(statuses)


def _listed(statuses: Iterable[Status]) -> str:
    return ", ".join(STATUSES[status].en for status in _in_order(statuses))


def _clocks(effects: Iterable[Effect]) -> str:
    found = defaultdict(list)
    for effect in dict.fromkeys(effects):
        found[effect.does].append(effect.clock)
    return "; ".join(f"{does} {', '.join(clocks)}" for does, clocks in found.items())


def _in_order(statuses: Iterable[Status]) -> list[Status]:
    return [status for status in STATUSES if status in set(statuses)]
