"""A post goes from one person to another (工作交割)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.district import DistrictPart, Item, Origin, Raw
from case_contracts.events.base import EventData
from case_contracts.events.registry import HandoverRecorded, PostingStarted
from registry.domain.kinds import KINDS, Kind
from registry.domain.record import standing
from registry.domain.step import Step
from service_kit.errors import Invalid, NotFound, Refused
from service_kit.validity import END, Span

HANDOVER = Kind("handover", HandoverRecorded, ("handover",))
"""A record of its own: nothing stands by it, so it is none of the district's kinds."""

Published = Mapping[str, Sequence[EventData]]


@dataclass(frozen=True)
class Handing:
    """What is wanted; ``number`` tells this hand-over from every other one."""

    number: str
    from_posting: str
    to_person: str
    valid_from: datetime

    @property
    def handover(self) -> str:
        return f"{HANDOVER.name}:{self.number}"


@dataclass(frozen=True)
class Handed:
    """The post as it stands, and as it goes on."""

    wanted: Handing
    before: Span[EventData]
    old: PostingStarted
    new: PostingStarted

    @property
    def part(self) -> DistrictPart:
        """The old posting ends where the new one begins."""
        end = self.old.model_copy(update={"valid_to": self.wanted.valid_from})
        return DistrictPart(postings=[_raw(end), _raw(self.new)])

    def record(self, open_cases: Iterable[str]) -> Step:
        """The slip (工作交割单), with the cases in the first one's hands."""
        slip = HandoverRecorded(
            handover=self.wanted.handover, grid=self.old.grid, role=self.old.role,
            from_posting=self.old.posting, from_person=self.old.person,
            to_posting=self.new.posting, to_person=self.new.person,
            open_cases=tuple(open_cases), valid_from=self.wanted.valid_from,
        )  # fmt: skip
        return Step(slip.handover, (slip,))


def handed(wanted: Handing, published: Published, now: datetime) -> Handed:
    """Raises NotFound, Refused (``in_the_past``, ``not_in_office``) or Invalid."""
    if wanted.valid_from < now:
        raise Refused("the past cannot be handed over; leave valid_from out to do it now",
                      code="in_the_past")  # fmt: skip
    kind = KINDS["posting"]
    spans = standing(kind, published.get(aggregate(wanted.from_posting), ()))
    if not spans:
        raise NotFound(f"there is no posting {wanted.from_posting}")
    before = next((s for s in spans if s.start < wanted.valid_from < s.end), None)
    if before is None or not isinstance(before.data, PostingStarted):
        raise Refused(f"nobody holds {wanted.from_posting} at {wanted.valid_from.isoformat()}",
                      code="not_in_office")  # fmt: skip
    if before.data.person == wanted.to_person:
        raise Invalid(f"to_person: {wanted.to_person} holds that post already")
    return Handed(wanted, before, before.data, _new(wanted, before, before.data))


def aggregate(posting: str) -> str:
    return posting if posting.startswith("posting:") else f"posting:{posting}"


def _new(wanted: Handing, before: Span[EventData], old: PostingStarted) -> PostingStarted:
    tail = wanted.number.replace("-", "")[:12]
    return old.model_copy(
        update={
            "posting": f"posting:{old.grid}:{old.role}:{tail}",
            "person": wanted.to_person,
            "valid_from": wanted.valid_from,
            "valid_to": None if before.end == END else before.end,
        }
    )


def _raw(data: PostingStarted) -> Raw:
    return Item(origin=Origin(file="request"), value=data.model_dump(mode="json"))
