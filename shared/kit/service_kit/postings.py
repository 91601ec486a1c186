"""Who holds which post when: a later word on a posting prevails over an earlier one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import PostingEnded, PostingStarted
from case_contracts.values import Party
from service_kit.validity import END, Span, overlay

PostingSpan = Span[PostingStarted]
Table = Mapping[str, tuple[PostingSpan, ...]]


@dataclass(frozen=True)
class Postings:
    """The same spans by grid, by person and by posting; ``by_end`` those that have an end."""

    by_grid: Table = field(default_factory=dict)
    by_person: Table = field(default_factory=dict)
    by_posting: Table = field(default_factory=dict)
    by_end: tuple[PostingSpan, ...] = ()

    def in_grid(self, grid: str, at: datetime) -> list[PostingStarted]:
        return [span.data for span in self.by_grid.get(grid, ()) if span.valid(at)]

    def of(self, person: str, at: datetime) -> list[PostingStarted]:
        """The posts that a person holds."""
        return [span.data for span in self.by_person.get(person, ()) if span.valid(at)]

    def grids_of(self, person: str, at: datetime) -> set[str]:
        """The grids in which a person holds a post."""
        return {post.grid for post in self.of(person, at)}

    def holds(self, party: Party, at: datetime) -> bool:
        """Whether the person is in that post. Of a post that never arrived nothing is known that
        speaks against it."""
        spans = self.by_posting.get(party.id)
        return spans is None or any(s.valid(at) and s.data.person == party.person for s in spans)

    def role(self, party: Party) -> str | None:
        """The role in which the person last held the post."""
        spans = self.by_posting.get(party.id, ())
        return next((s.data.role for s in reversed(spans) if s.data.person == party.person), None)

    def ended(self, at: datetime) -> list[PostingSpan]:
        """Posts that a person held and holds no longer, the first to end first."""
        over: list[PostingSpan] = []
        for span in self.by_end:
            if span.end > at:
                break
            spans = self.by_posting[span.data.posting]
            if not any(s.valid(at) and s.data.person == span.data.person for s in spans):
                over.append(span)
        return over


def build_postings(events: Iterable[EventData]) -> Postings:
    """``events`` of one posting are in their order."""
    said: dict[str, list[EventData]] = defaultdict(list)
    for event in events:
        if isinstance(event, PostingStarted | PostingEnded):
            said[event.posting].append(event)
    spans = [span for posting in sorted(said) for span in overlay(map(_decision, said[posting]))]
    return Postings(
        by_grid=_table(spans, lambda post: post.grid),
        by_person=_table(spans, lambda post: post.person),
        by_posting=_table(spans, lambda post: post.posting),
        by_end=tuple(sorted((s for s in spans if s.end != END), key=lambda s: s.end)),
    )


def _decision(event: EventData) -> tuple[PostingStarted | None, datetime, datetime]:
    if isinstance(event, PostingStarted):
        return event, event.valid_from, event.valid_to or END
    assert isinstance(event, PostingEnded)
    return None, event.valid_to, END


def _table(spans: Iterable[PostingSpan], key: Callable[[PostingStarted], str]) -> Table:
    found: dict[str, list[PostingSpan]] = defaultdict(list)
    for span in spans:
        found[key(span.data)].append(span)
    return {each: tuple(several) for each, several in found.items()}
