"""Two departments cannot lead for one matter on the same ground at the same time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from case_contracts.district import Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, GridPublished
from registry.domain.charters import CharterSpan, Clash, clashes
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from registry.domain.validation.findings import Findings
from service_kit.validity import Span

Origins = dict[tuple[str, tuple[int, datetime]], Origin]
"""Where each entry (aggregate; version and beginning) was read."""

_CHARTER = KINDS["charter"]


def check_leads(
    known: Mapping[str, Sequence[EventData]],
    origins: Origins,
    matters: set[str],
    findings: Findings,
) -> None:
    """Also against entries that were published before and are not in the files."""
    for clash in clashes(charter_spans(known), matters, ancestors(known)):
        one, other = _sides(clash, origins)
        shown = ", ".join(clash.matters[:3]) + (", ..." if len(clash.matters) > 3 else "")
        place = origin.place if (origin := _origin(one, origins)) else "published before"
        findings.error(
            "two_leads", _origin(other, origins),
            f"{other.data.charter} and {one.data.charter} ({place}) both lead for"
            f" {shown} on grid {other.data.grid}",
            "let one be support, or part their matters, grounds or times",
        )  # fmt: skip


def charter_spans(known: Mapping[str, Sequence[EventData]]) -> list[CharterSpan]:
    """What stands of every charter entry when."""
    return [
        Span(span.data, span.start, span.end)
        for aggregate, events in sorted(known.items())
        if aggregate.startswith("charter:")
        for span in standing(_CHARTER, events)
        if isinstance(span.data, CharterGranted)
    ]


def ancestors(known: Mapping[str, Sequence[EventData]]) -> dict[str, frozenset[str]]:
    """Each grid to all that it ever lay in."""
    above: dict[str, frozenset[str]] = {}
    for aggregate, events in known.items():
        if aggregate.startswith("grid:"):
            for event in events:
                if isinstance(event, GridPublished):
                    above[event.grid] = above.get(event.grid, frozenset()) | set(event.path)
    return above


def _sides(clash: Clash, origins: Origins) -> tuple[CharterSpan, CharterSpan]:
    """The one further down in the files last: that is where the reader looks."""

    def line(span: CharterSpan) -> int:
        origin = _origin(span, origins)
        return (origin.line or 0) if origin else -1

    sides = sorted((clash.one, clash.other), key=line)
    return sides[0], sides[1]


def _origin(span: CharterSpan, origins: Origins) -> Origin | None:
    return origins.get((_CHARTER.aggregate(span.data), _CHARTER.entry(span.data)))
