"""The city's past requests, read as they are: each row is taken or refused with a reason."""

import csv
import gzip
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from case_contracts.events.intake import Channel
from case_contracts.values import Point
from civicgrid.onboard.config import Matters
from civicgrid.onboard.config_rows import Columns, Requests, Rule
from civicgrid.onboard.errors import refuse
from civicgrid.onboard.load import Source

Cells = dict[str, str]
Key = tuple[str, str]
"""Category and item of a matter, in the city's own words."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was taken, in the project's terms but with the city's own words."""

    ref: str
    reported_at: datetime
    key: Key
    text: str
    point: Point | None
    channel: Channel
    closed_at: datetime | None
    due_at: datetime | None
    on_time: bool | None
    grids: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: its line, and why."""

    line: int
    reason: str


class _Bad(Exception):
    """A cell that makes its row useless; the message is the reason."""


def key_of(cells: Cells, columns: Columns, matters: Matters) -> Key:
    """What the row is about, in the spelling that the configuration prefers."""
    category = cells[columns.category].strip() if columns.category else ""
    item = cells[columns.item].strip()
    return (
        matters.spellings.get(category, category) or matters.without_category,
        matters.spellings.get(item, item) or matters.without_item,
    )


def read_cells(path: Path, requests: Requests, source: Source) -> Iterator[tuple[int, Cells]]:
    """Each row of a file with its line; a row that has lost cells reads as empty ones.

    Raises:
        OnboardError: the file cannot be read, or a column that the configuration names is missing.
    """
    try:
        with _opened(path, requests.encoding) as file:
            reader = csv.DictReader(file, delimiter=requests.delimiter, restval="")
            _check_columns(path, reader.fieldnames or [], requests, source)
            for cells in reader:
                yield reader.line_num, cells
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        origin = source.at("requests", "file")
        raise refuse("file_unreadable", origin, f"{path.name}: {error}", "check it") from error


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding=encoding, newline="") as file:
        yield file


def _check_columns(path: Path, header: Any, requests: Requests, source: Source) -> None:
    for place, column in _named_columns(requests):
        if column not in header:
            message = f"{'.'.join(place)}: {path.name} has no column {column!r}"
            hint = f"its columns are {', '.join(header)}"
            raise refuse("column_missing", source.at(*place), message, hint)


def _named_columns(requests: Requests) -> Iterator[tuple[tuple[str, ...], str]]:
    named = requests.columns.model_dump(exclude_none=True)
    for name, column in named.items():
        found = column["column"] if isinstance(column, dict) else column
        yield ("requests", "columns", name), found
    for level, own in requests.grids.items():
        yield ("requests", "grids", level, "column"), own.column
    for number, rule in enumerate(requests.refuse):
        yield ("requests", "refuse", str(number), "column"), rule.column


class RowReader:
    """Turns cells into rows, refusing what cannot be used."""

    def __init__(self, requests: Requests, matters: Matters, zone: ZoneInfo) -> None:
        self._requests = requests
        self._matters = matters
        self._columns = requests.columns
        self._zone = zone
        self._seen: set[str] = set()
        self._nowhere = {(round(lon, 6), round(lat, 6)) for lon, lat in requests.no_location}

    def read(self, line: int, cells: Cells) -> Row | Refused:
        for rule in self._requests.refuse:
            if _applies(rule, cells[rule.column]):
                return Refused(line, rule.reason)
        try:
            return self._row(cells)
        except _Bad as bad:
            return Refused(line, str(bad))

    def _row(self, cells: Cells) -> Row:
        columns = self._columns
        reported_at = self._time(cells, columns.reported_at)
        closed_at = self._time(cells, columns.closed_at)
        key = key_of(cells, columns, self._matters)
        if reported_at is None:
            raise _Bad("no time of report")
        if not key[1]:
            raise _Bad("no matter")
        if closed_at and closed_at < reported_at and self._requests.closed_before_opened != "keep":
            raise _Bad("closed before it was opened")
        return Row(
            ref=self._ref(cells),
            reported_at=reported_at,
            key=key,
            text=(cells[columns.text].strip() if columns.text else "")[:4000] or key[1],
            point=self._point(cells),
            channel=self._channel(cells),
            closed_at=closed_at,
            due_at=self._time(cells, columns.due_at),
            on_time=self._on_time(cells),
            grids=self._own_grids(cells),
        )

    def _ref(self, cells: Cells) -> str:
        ref = self._requests.ref_prefix + cells[self._columns.ref].strip()
        if not re.fullmatch(r"[A-Za-z0-9._:@/-]{1,160}", ref):
            raise _Bad("no usable reference")
        if ref in self._seen:
            raise _Bad("reference given twice")
        self._seen.add(ref)
        return ref

    def _time(self, cells: Cells, column: str | None) -> datetime | None:
        text = cells[column].strip() if column else ""
        if not text:
            return None
        try:
            # The zone is put in below where the format has none.
            moment = datetime.strptime(text, self._requests.time)  # noqa: DTZ007
        except ValueError as error:
            raise _Bad(f"{column} is not a time") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def _point(self, cells: Cells) -> Point | None:
        columns = self._columns
        if not columns.lon or not columns.lat:
            return None
        lon, lat = cells[columns.lon].strip(), cells[columns.lat].strip()
        if not lon or not lat:
            return None
        try:
            place = round(float(lon), 6), round(float(lat), 6)
        except ValueError as error:
            raise _Bad("coordinates are not numbers") from error
        if place in self._nowhere:
            return None
        if not all(map(math.isfinite, place)) or abs(place[0]) > 180 or abs(place[1]) > 90:
            raise _Bad("coordinates are not degrees")
        return Point(lon=place[0], lat=place[1])

    def _channel(self, cells: Cells) -> Channel:
        channels = self._requests.channels
        word = cells[self._columns.channel].strip() if self._columns.channel else ""
        return channels.words.get(word, channels.default)

    def _on_time(self, cells: Cells) -> bool | None:
        column = self._columns.on_time
        if column is None:
            return None
        word = cells[column.column].strip()
        return True if word in column.true else False if word in column.false else None

    def _own_grids(self, cells: Cells) -> dict[str, str]:
        found = {}
        for level, own in self._requests.grids.items():
            match = re.search(own.pattern, cells[own.column])
            if match:
                found[level] = own.id.format(*match.groups())
        return found


def _applies(rule: Rule, cell: str) -> bool:
    text = cell.strip()
    return (
        (rule.empty and not text)
        or text in rule.words
        or bool(rule.is_not and text not in rule.is_not)
        or bool(rule.matches and re.search(rule.matches, text))
    )
