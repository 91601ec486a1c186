"""The smallest aggregate: it remembers its inputs. For tests of the store and the event layer.

Its event is borrowed from the catalogue, whose types are the only ones that can be read back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from case_contracts.events.base import EventData
from case_contracts.events.registry import PostingEnded
from service_kit.errors import NotYet, Refused
from service_kit.store.follow import FollowUp
from service_kit.store.kept import Kept
from service_kit.store.model import Context, Decision, Translated

AT = datetime(2026, 1, 5, tzinfo=UTC)
CLEAR = "clear"


class Counted(BaseModel):
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Add:
    """Remember an input; over the limit change nothing, or refuse when ``strict``."""

    input: str
    limit: int | None = None
    strict: bool = False


@dataclass(frozen=True)
class Clear:
    """Forget all inputs."""


@dataclass(frozen=True)
class Break:
    """A decision that fails as no decision should."""


@dataclass(frozen=True)
class After:
    """Remember an input once another has come."""

    input: str
    other: str


class Counter:
    """``counter:<id>``."""

    kind = "counter"
    schema = 1
    state = Counted

    def initial(self, aggregate: str) -> Counted:
        return Counted()

    def evolve(self, state: Counted, event: EventData) -> Counted:
        assert isinstance(event, PostingEnded)
        cleared = event.posting == CLEAR
        return Counted(inputs=() if cleared else (*state.inputs, event.posting))

    def decide(self, state: Counted, command: Any, context: Context) -> Decision:
        if isinstance(command, Clear):
            return [_event(CLEAR)]
        if isinstance(command, Break):
            raise ZeroDivisionError("a bug")
        if isinstance(command, After) and command.other not in state.inputs:
            raise NotYet(f"{command.other} has not come")
        if isinstance(command, Add) and command.limit is not None:
            if len(state.inputs) < command.limit:
                return [_event(command.input)]
            if command.strict:
                raise Refused("it is full", code="full")
            return []
        return [_event(command.input)]

    def fields(self, state: Counted) -> Mapping[str, Any]:
        return {"total": len(state.inputs)}


def _next(data: PostingEnded) -> Translated | None:
    """The input ``/b/c`` is followed by ``/c`` at ``counter:b``, and that by ``end`` at
    ``counter:c``; ``/b-`` by ``end`` as work that is not fresh, ``/b@`` by a decision that
    fails."""
    if not data.posting.startswith("/"):
        return None
    key, _, rest = data.posting[1:].partition("/")
    if key.endswith("@"):
        return Translated(f"counter:{key[:-1]}", Break())
    followed = Add(f"/{rest}" if rest else "end")
    return Translated(f"counter:{key.removesuffix('-')}", followed, fresh=not key.endswith("-"))


def _row(data: PostingEnded) -> dict[str, str] | None:
    return None if data.posting == CLEAR else {"input": data.posting}


FOLLOW_UPS = [FollowUp(PostingEnded, "registry.follow", _next)]
KEPT = [Kept(PostingEnded, "fact_input", _row)]


def _event(text: str) -> PostingEnded:
    return PostingEnded(posting=text, valid_to=AT)
