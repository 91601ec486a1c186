"""Who is logged in, and which pages their day needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from console.domain.queues import QUEUES, Queue

Area = Literal["field", "desk", "command", "department", "operator"]
OPENS: Mapping[Area, frozenset[str]] = {
    "field": frozenset({"visits.write"}),
    "desk": frozenset({"cases.supervise", "cases.arbitrate", "cases.approve", *QUEUES.values()}),
    "department": frozenset({"department"}),
    "operator": frozenset({"operate"}),
    "command": frozenset({"scores.read", "cases.supervise"}),
}  # fmt: skip
"""Any one of these rights opens the pages; what is on them is for the services to say."""
AT: Mapping[Area, str] = {area: f"/staff/{area}" for area in OPENS}


@dataclass(frozen=True)
class Person:
    """``department`` is whom they act for; ``name`` how the issuer calls them."""

    id: str
    kind: str
    scopes: frozenset[str] = field(default_factory=frozenset)
    department: str | None = None
    name: str = ""

    def may(self, *scopes: str) -> bool:
        """Whether they have any one of these rights."""
        return any(each in self.scopes for each in scopes)

    @property
    def areas(self) -> list[Area]:
        """The pages that are there for them, those of their day first."""
        return [area for area, rights in OPENS.items() if self.scopes & rights]

    @property
    def queues(self) -> list[Queue]:
        """What they may decide of what reporters said."""
        return [queue for queue, right in QUEUES.items() if right in self.scopes]

    def as_kept(self) -> dict[str, Any]:
        return {
            "id": self.id, "kind": self.kind, "scope": " ".join(sorted(self.scopes)),
            "department": self.department, "name": self.name,
        }  # fmt: skip

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> "Person":
        scopes = frozenset(str(kept["scope"]).split())
        return cls(kept["id"], kept["kind"], scopes, kept["department"], kept["name"])
