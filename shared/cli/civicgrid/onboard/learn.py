"""What the city's rows teach: which matters there are, how often, and who dealt with them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from civicgrid.onboard.load import Source
from civicgrid.onboard.rows import Key, Refused, Row, RowReader, key_of, read_cells

Progress = Callable[[str, int], None]
"""Called with what is being done and how many are done."""

_STEP = 1000


@dataclass(slots=True)
class Learnt:
    """Rows taken in the order of their times, refusals counted, matters with their departments."""

    read: int = 0
    rows: list[Row] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)
    not_sampled: int = 0
    matters: dict[Key, Counter[str]] = field(default_factory=dict)


def learn(source: Source, progress: Progress) -> Learnt:
    """Read the requests, and the longer file if there is one.

    Raises:
        OnboardError: a file cannot be read as the configuration says.
    """
    learnt = Learnt()
    _take_rows(source, learnt, progress)
    requests = source.config.requests
    if requests.learn_from:
        path = source.file(requests.learn_from, "requests", "learn_from")
        for number, (_, cells) in enumerate(read_cells(path, requests, source), start=1):
            key = key_of(cells, requests.columns, source.config.matters)
            _note(learnt, key, _department(source, cells))
            if number % _STEP == 0:
                progress("learning matters", number)
    learnt.rows.sort(key=lambda row: (row.reported_at, row.ref))
    return learnt


def _take_rows(source: Source, learnt: Learnt, progress: Progress) -> None:
    requests = source.config.requests
    reader = RowReader(requests, source.config.matters, source.zone)
    path = source.file(requests.file, "requests", "file")
    good = 0
    for line, cells in read_cells(path, requests, source):
        learnt.read += 1
        row = reader.read(line, cells)
        if learnt.read % _STEP == 0:
            progress("reading requests", learnt.read)
        if isinstance(row, Refused):
            learnt.refused[row.reason] += 1
            learnt.examples.setdefault(row.reason, row.line)
            continue
        _note(learnt, row.key, _department(source, cells))
        good += 1
        if _wanted(row, good, source, learnt):
            learnt.rows.append(row)
        else:
            learnt.not_sampled += 1


def _wanted(row: Row, number: int, source: Source, learnt: Learnt) -> bool:
    take = source.config.requests.take
    day = row.reported_at.astimezone(source.zone).date()
    return (
        (take.since is None or day >= take.since)
        and (take.until is None or day <= take.until)
        and number % take.every == 0
        and (take.limit is None or len(learnt.rows) < take.limit)
    )


def _department(source: Source, cells: dict[str, str]) -> str:
    column = source.config.requests.columns.department
    return cells[column].strip() if column else ""


def _note(learnt: Learnt, key: Key, department: str) -> None:
    if not key[1]:
        return
    seen = learnt.matters.setdefault(key, Counter())
    if department:
        seen[department] += 1
