"""What is told of a change, and to whom: hints on which a page asks anew, never the change itself.

A hint holds no words of people and no person. Of what complains of somebody, and of a case of which
nobody knows yet whether it does, everybody is told only that something changed (domain rule 12).
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

SAYS_ALL = ("case.opened.v1", "case.received.v1")
"""Which events say of a case whether it complains of somebody."""

MOST_KNOWN = 20_000


@dataclass(frozen=True)
class Known:
    """Of a case: its grids from the top, its matter, the department that has it, and whether it is
    ``plain``: known to complain of nobody."""

    grids: tuple[str, ...] = ()
    matter: str | None = None
    department: str | None = None
    plain: bool = False


@dataclass(frozen=True)
class Hint:
    """Something happened to a case: ``kind`` is the event's type without its version, ``at`` when
    (UTC)."""

    case: str
    kind: str
    at: str
    known: Known

    def told(self) -> dict[str, Any]:
        """As a browser gets it."""
        return {
            "case": self.case,
            "kind": self.kind,
            "at": self.at,
            "grids": list(self.known.grids),
            "department": self.known.department,
        }


@dataclass(frozen=True)
class Audience:
    """Who listens. ``reads``: the cases of the whole district; ``department``: only its own;
    ``cases``: those that their page shows, of which they know already."""

    reads: bool = False
    department: str | None = None
    cases: frozenset[str] = frozenset()

    def of(self, hint: Hint) -> dict[str, Any] | None:
        """What they are told of it: all, the case alone, that something changed (``{}``), or
        nothing."""
        if self._may_know(hint):
            return hint.told()
        if hint.case in self.cases:
            return {"case": hint.case}
        return None if self.department else {}

    def _may_know(self, hint: Hint) -> bool:
        if self.department is not None:
            return hint.known.department == self.department
        return self.reads and hint.known.plain


@dataclass
class Cases:
    """What the events of a while have said of cases, the least recently heard of forgotten."""

    most: int = MOST_KNOWN
    _known: OrderedDict[str, Known] = field(default_factory=OrderedDict)

    def hear(self, kind: str, at: str, data: Mapping[str, Any]) -> Hint | None:
        """The hint of an event; None where it is of no case."""
        case = data.get("case")
        if not isinstance(case, str):
            return None
        known = learnt(self._known.pop(case, Known()), kind, data)
        self._known[case] = known
        if len(self._known) > self.most:
            self._known.popitem(last=False)
        return Hint(case, kind.rpartition(".v")[0], at, known)


def learnt(known: Known, kind: str, data: Mapping[str, Any]) -> Known:
    """With what the event says of its case."""
    found = known
    if "grid_path" in data and "grid" in data:
        found = replace(found, grids=(*data["grid_path"], data["grid"]))
    if isinstance(data.get("matter"), str):
        found = replace(found, matter=data["matter"])
    if kind in SAYS_ALL:
        found = replace(found, plain=data.get("about") is None)
    handler = data.get("handler")
    if isinstance(handler, Mapping):
        theirs = handler["id"] if handler.get("kind") == "department" else None
        found = replace(found, department=theirs)
    return found
