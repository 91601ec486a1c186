"""The configuration of the city's file of past requests."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from case_contracts.events.intake import Channel
from civicgrid.onboard.config_part import Part, Pattern


class OnTime(Part):
    """The column in which the city says whether it was in time, and its words for it."""

    column: str
    true: list[str]
    false: list[str]


class Columns(Part):
    """Which column holds what. A row without ``item`` or a readable ``reported_at`` is refused."""

    ref: str
    reported_at: str
    category: str | None = None
    item: str
    text: str | None = None
    lon: str | None = None
    lat: str | None = None
    closed_at: str | None = None
    due_at: str | None = None
    on_time: OnTime | None = None
    department: str | None = None
    channel: str | None = None


class Channels(Part):
    default: Channel = Channel.IMPORT
    words: Mapping[str, Channel] = {}


class OwnGrid(Part):
    """The grid that a row itself names: ``pattern`` finds groups that fill the ``id`` template."""

    column: str
    pattern: Pattern
    id: str


class Rule(Part):
    """Rows to refuse: where ``column`` is one of the words ``is``, is none of the words ``is_not``,
    is empty, or matches the pattern.
    """

    column: str
    words: Annotated[tuple[str, ...], Field(alias="is")] = ()
    is_not: tuple[str, ...] = ()
    empty: bool = False
    matches: Pattern | None = None
    reason: str


class Take(Part):
    """Which of the good rows to take: a span of days of the zone, every n-th, so many at most."""

    since: date | None = None
    until: date | None = None
    every: Annotated[int, Field(ge=1)] = 1
    limit: Annotated[int, Field(ge=1)] | None = None


class Requests(Part):
    """The file of past requests. ``learn_from`` is a longer file of the same form, if there is
    one, from which only matters and their departments are learnt.

    ``no_location``: coordinates (longitude, latitude) that stand for "not known".
    ``closed_before_opened``: ``keep`` such rows as recorded, or ``refuse`` them.
    ``contact_share``: the share of rows given an invented address, so that notices can be tried.
    """

    file: str
    learn_from: str | None = None
    encoding: str = "utf-8-sig"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    columns: Columns
    time: str
    ref_prefix: str = ""
    channels: Channels = Channels()
    no_location: tuple[tuple[float, float], ...] = ()
    grids: Mapping[str, OwnGrid] = {}
    refuse: tuple[Rule, ...] = ()
    closed_before_opened: Annotated[str, Field(pattern="^(keep|refuse)$")] = "refuse"
    contact_share: Annotated[float, Field(ge=0, le=1)] = 0
    take: Take = Take()
