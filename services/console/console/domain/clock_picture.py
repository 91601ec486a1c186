"""A clock as a picture: a row for each day, hours from left to right, in the district's zone.

Days as rows keep the writing large on a phone, however long the limit is. Pure: only where
everything lies; a template draws it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from typing import Literal
from zoneinfo import ZoneInfo

BandKind = Literal["counted", "left", "more", "paused", "late"]
MarkKind = Literal["start", "now", "due", "stopped"]
WIDTH, LEFT, RIGHT = 360, 76, 14
TOP, ROW, GAP, BOTTOM = 22, 46, 24, 8
MOST_ROWS, ENDS = 14, 5
"""So many days are drawn; of more than that the first and last of them, and those with a mark."""
LEAST_HOURS, ROOM = 6, 64
Place = Callable[[datetime, date], float]


@dataclass(frozen=True)
class Band:
    """A stretch of time: counted, still to be counted (``left``), counted by an extension, paused,
    or past the deadline."""

    kind: BandKind
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Mark:
    kind: MarkKind
    at: datetime


@dataclass(frozen=True)
class Bar:
    """A band, or what of it lies on that day."""

    band: Band
    x: float
    width: float


@dataclass(frozen=True)
class Pin:
    """``anchor`` is on which side its word stands, so that it stays in the picture; ``said``:
    there is room for the word."""

    mark: Mark
    x: float
    anchor: Literal["start", "middle", "end"]
    said: bool


@dataclass(frozen=True)
class Row:
    """A day."""

    day: date
    y: int
    bars: tuple[Bar, ...]
    pins: tuple[Pin, ...]


@dataclass(frozen=True)
class Gap:
    """Days without anything (``left_out`` false), or left out to keep the picture short."""

    days: int
    y: int
    left_out: bool


@dataclass(frozen=True)
class Hour:
    hour: int
    x: float


@dataclass(frozen=True)
class Picture:
    """``left`` is where the hours begin, behind the names of the days."""

    width: int
    left: int
    height: int
    hours: tuple[Hour, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]


@dataclass
class _Day:
    bands: list[Band]
    marks: list[Mark]


def picture(bands: Sequence[Band], marks: Sequence[Mark], zone: ZoneInfo) -> Picture | None:
    """None where there is nothing to draw."""
    days = _by_day(bands, marks, zone)
    if not days:
        return None
    shown = _shown(days)
    first, last = _hours(shown, days, zone)
    scale = (WIDTH - LEFT - RIGHT) / (last - first)

    def x(at: datetime, day: date) -> float:
        return round(LEFT + (_hour(at, day, zone) - first) * scale, 2)

    rows, gaps, y = [], [], TOP
    before: date | None = None
    for day in shown:
        if before is not None and (day - before).days > 1:
            between = [each for each in days if before < each < day]
            gaps.append(Gap((day - before).days - 1, y, bool(between)))
            y += GAP
        rows.append(Row(day, y, _bars(days[day], day, x), _pins(days[day], day, x)))
        y, before = y + ROW, day
    step = 1 if last - first <= 9 else 2 if last - first <= 14 else 4
    ticks = (hour for hour in range(first, last + 1) if hour % step == 0)
    hours = tuple(Hour(hour, round(LEFT + (hour - first) * scale, 2)) for hour in ticks)
    return Picture(WIDTH, LEFT, y + BOTTOM, hours, tuple(rows), tuple(gaps))


def _by_day(bands: Iterable[Band], marks: Iterable[Mark], zone: ZoneInfo) -> dict[date, _Day]:
    found: dict[date, _Day] = {}
    for band in bands:
        for day, piece in _pieces(band, zone):
            found.setdefault(day, _Day([], [])).bands.append(piece)
    for mark in marks:
        found.setdefault(mark.at.astimezone(zone).date(), _Day([], [])).marks.append(mark)
    return dict(sorted(found.items()))


def _pieces(band: Band, zone: ZoneInfo) -> Iterator[tuple[date, Band]]:
    """The band cut at midnight of the zone."""
    start = band.start
    while start < band.end:
        day = start.astimezone(zone).date()
        end = min(band.end, _midnight(day + timedelta(days=1), zone))
        yield day, Band(band.kind, start, end)
        start = end


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _hour(at: datetime, day: date, zone: ZoneInfo) -> float:
    """Where in its day, in 24ths: in order also on a day when clocks are put back."""
    start, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    return 24 * (at.timestamp() - start.timestamp()) / (end.timestamp() - start.timestamp())


def _shown(days: dict[date, _Day]) -> list[date]:
    """The days that get a row."""
    every = list(days)
    if len(every) <= MOST_ROWS:
        return every
    kept = {*every[:ENDS], *every[-ENDS:], *(day for day in every if days[day].marks)}
    return sorted(kept)


def _hours(shown: Sequence[date], days: dict[date, _Day], zone: ZoneInfo) -> tuple[int, int]:
    """From which hour to which the picture goes."""
    hours = [
        _hour(at, day, zone)
        for day in shown
        for at in (
            *(edge for band in days[day].bands for edge in (band.start, band.end)),
            *(mark.at for mark in days[day].marks),
        )
    ]
    first, last = floor(min(hours)), ceil(max(hours))
    while last - first < LEAST_HOURS:
        first, last = max(0, first - 1), min(24, last + 1)
    return first, last


def _bars(day: _Day, of: date, x: Place) -> tuple[Bar, ...]:
    ordered = sorted(day.bands, key=lambda band: (band.start, band.end))
    return tuple(
        Bar(band, x(band.start, of), round(x(band.end, of) - x(band.start, of), 2))
        for band in ordered
    )


def _pins(day: _Day, of: date, x: Place) -> tuple[Pin, ...]:
    places = [(mark, x(mark.at, of)) for mark in day.marks]
    dues = [at for mark, at in places if mark.kind == "due"]

    def said(mark: Mark, at: float) -> bool:
        return mark.kind != "start" or all(abs(at - due) >= ROOM for due in dues)

    return tuple(Pin(mark, at, _anchor(at), said(mark, at)) for mark, at in places)


def _anchor(x: float) -> Literal["start", "middle", "end"]:
    margin = 40
    if x < LEFT + margin:
        return "start"
    return "end" if x > WIDTH - RIGHT - margin else "middle"
