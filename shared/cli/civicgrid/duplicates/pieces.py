"""A city's rows as the rules for duplicates see them, in the order in which they were reported."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from civicgrid.onboard.learn import Progress
from civicgrid.onboard.load import Source, load_config
from civicgrid.onboard.matters import standard
from civicgrid.onboard.rows import Refused, Row, RowReader, read_cells
from service_kit.alike import STAFF, Located

_STEP = 5000


@dataclass(frozen=True, slots=True)
class Piece:
    """One row: where and when, in the city's own words, until when it was open. ``place`` is
    None without a place; ``cells`` are the columns that were asked for."""

    ref: str
    matter: str
    words: str
    at: datetime
    place: Located | None
    closed_at: datetime | None
    cells: tuple[str, ...]

    def open_at(self, moment: datetime) -> bool:
        return self.closed_at is None or self.closed_at > moment


@dataclass(frozen=True)
class Asked:
    """``file`` instead of the configuration's own; ``columns`` to keep; ``closed_after``: when a
    case is taken to be closed where the rows do not say."""

    config: Path
    file: Path | None = None
    columns: tuple[str, ...] = ()
    closed_after: timedelta | None = None


def read_pieces(
    asked: Asked, progress: Progress, variables: Mapping[str, str] | None = None
) -> list[Piece]:
    """Every usable row.

    Raises:
        OnboardError: the configuration or the file cannot be read.
    """
    source = load_config(asked.config, os.environ if variables is None else variables)
    requests = source.config.requests
    path = asked.file or source.file(requests.file, "requests", "file")
    reader = RowReader(requests, source.config.matters, source.zone)
    rows: list[tuple[Row, tuple[str, ...]]] = []
    for line, cells in read_cells(path, requests, source):
        row = reader.read(line, cells)
        if not isinstance(row, Refused):
            rows.append((row, tuple(cells.get(column, "") for column in asked.columns)))
        if line % _STEP == 0:
            progress("reading requests", line)
    pieces = _pieces(source, rows)
    if asked.closed_after is not None:
        pieces = [_closed(piece, asked.closed_after) for piece in pieces]
    return sorted(pieces, key=lambda piece: (piece.at, piece.ref))


def _pieces(source: Source, rows: Sequence[tuple[Row, tuple[str, ...]]]) -> list[Piece]:
    codes = standard(source, sorted({row.key for row, _ in rows})).codes
    return [
        Piece(
            ref=row.ref,
            matter=codes[row.key],
            words=row.key[1],
            at=row.reported_at,
            place=_place(row, codes[row.key]),
            closed_at=row.closed_at,
            cells=cells,
        )
        for row, cells in rows
    ]


def _place(row: Row, matter: str) -> Located | None:
    if row.point is None:
        return None
    at, staff = row.reported_at.timestamp(), row.channel in STAFF
    return Located(row.ref, row.ref, matter, row.point.lon, row.point.lat, at, staff)


def _closed(piece: Piece, after: timedelta) -> Piece:
    return piece if piece.closed_at else replace(piece, closed_at=piece.at + after)
