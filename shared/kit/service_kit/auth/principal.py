"""Who asks, and what they may ask for."""

from dataclasses import dataclass, field

from service_kit.store.model import Actor


@dataclass(frozen=True)
class Principal:
    """The subject of a validated token. ``kind``: staff, department, service or operator."""

    id: str
    kind: str
    scopes: frozenset[str] = field(default_factory=frozenset)
    department: str | None = None

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def actor(self, purpose: str | None = None) -> Actor:
        return Actor(self.id, self.kind, on_behalf_of=self.department, purpose=purpose)


ANONYMOUS = Principal("anonymous", "resident")
"""Somebody without a token: a resident. They may report, and see what their receipt opens."""
