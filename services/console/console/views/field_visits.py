"""From the form of a visit or a check-in to what intake is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from console.domain.draft import Draft
from console.views.field_told import Posting, Round
from service_kit.language import Language

Place = tuple[float, float]
"""Longitude and latitude."""


@dataclass(frozen=True)
class Target:
    """A contact group or a grid that one visits; ``value`` is the form's."""

    kind: Literal["group", "grid"]
    id: str
    grid: str

    @property
    def value(self) -> str:
        return f"{self.kind}|{self.id}|{self.grid}"


def targets(rounds: Iterable[Round], posts: Iterable[Posting]) -> list[Target]:
    """Whom one is to visit, in that order, then the grids of one's posts; each once."""
    due = [
        Target("grid" if each.target == each.grid else "group", each.target, each.grid)
        for each in rounds
    ]
    own = [Target("grid", each.grid, each.grid) for each in posts]
    return list({each.value: each for each in [*due, *own]}.values())


def grid_of(form: Mapping[str, str]) -> str:
    """Where the visit was made."""
    return form.get("target", "").rpartition("|")[2]


def visited(
    form: Mapping[str, str], topics: Sequence[str], draft: Draft, language: Language, at: Place
) -> dict[str, Any]:
    """The body of a visit, without its time. ``at`` is where a service is wanted: a case without a
    place would wait for somebody to place it."""
    kind, target, _ = (*form.get("target", "").split("|"), "", "")[:3]
    body: dict[str, Any] = {"id": draft.key, kind or "grid": target, "kind": form.get("kind", "")}
    if topics:
        body["topics"] = list(topics)
    if note := form.get("note", "").strip():
        body["note"] = note
    if form.get("here") and draft.point:
        body["point"] = _point(draft.point)
    if matter := form.get("service", ""):
        said = form.get("service_text", "").strip()
        service = _service(matter, said, draft, language)
        body["services"] = [service | {"point": _point(at)}]
    return body


def checked_in(draft: Draft, now: datetime) -> dict[str, Any]:
    """The body of a check-in at a place that is known."""
    assert draft.point is not None
    return {"id": draft.key, "point": _point(draft.point), "made_at": now.isoformat()}


def _point(at: Place) -> dict[str, float]:
    return {"lon": at[0], "lat": at[1]}


def _service(matter: str, text: str, draft: Draft, language: Language) -> dict[str, Any]:
    """What somebody asked to be done for them; the contact is theirs, so that they hear of it."""
    known = {"email": draft.email, "phone": draft.phone}
    contact = {way: said for way, said in known.items() if said}
    found: dict[str, Any] = {"matter": matter, "language": language}
    return found | ({"text": text} if text else {}) | ({"contact": contact} if contact else {})
