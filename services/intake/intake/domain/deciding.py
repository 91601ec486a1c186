"""Which decision belongs to which command."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from service_kit.store.model import Context, Decision

S = TypeVar("S", bound=BaseModel)
Decide = Callable[[S, Any, Context], Decision]


class Deciding(Generic[S]):
    """An aggregate's ``decide``: looks the decision up by the command's type."""

    def __init__(self, decisions: Mapping[type[Any], Decide[S]]) -> None:
        self._decisions = decisions

    def decide(self, state: S, command: Any, context: Context) -> Decision:
        return self._decisions[type(command)](state, command, context)
