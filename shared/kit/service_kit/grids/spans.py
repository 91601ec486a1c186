"""When each grid was valid, and with which outline: from what was decided, in that order."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from case_contracts.events.registry import GridPublished, GridRetired
from service_kit.validity import END, Span, overlay

GridSpan = Span[GridPublished]


def grid_spans(events: Iterable[GridPublished | GridRetired]) -> list[GridSpan]:
    """The spans of every grid, none overlapping another of the same grid.

    A later decision prevails for as long as it says; retiring a grid prevails over all from
    ``valid_to`` on.
    """
    decided: dict[str, list[tuple[GridPublished | None, datetime, datetime]]] = defaultdict(list)
    for event in events:
        decided[event.grid].append(_decision(event))
    return [span for each in decided.values() for span in overlay(each)]


def _decision(
    event: GridPublished | GridRetired,
) -> tuple[GridPublished | None, datetime, datetime]:
    if isinstance(event, GridRetired):
        return None, event.valid_to, END
    return event, event.valid_from, event.valid_to or END
