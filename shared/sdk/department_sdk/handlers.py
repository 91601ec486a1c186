"""Which handler takes which matter."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from fnmatch import fnmatchcase

from case_contracts.inbox import WithdrawnItem
from department_sdk.outcomes import Declined, Outcome
from department_sdk.task import Call, Task

TaskHandler = Callable[[Task], Awaitable[Outcome] | Outcome]
CallHandler = Callable[[Call], Awaitable[Declined | None] | Declined | None]
WithdrawnHandler = Callable[[WithdrawnItem], Awaitable[None]]


class Handlers:
    """By pattern over ``class/category/item``; the first that was registered and fits wins."""

    def __init__(self) -> None:
        self._by_pattern: list[tuple[str, TaskHandler]] = []
        self.on_call: CallHandler | None = None
        self.on_withdrawn: WithdrawnHandler | None = None

    def add(self, pattern: str, handler: TaskHandler) -> None:
        self._by_pattern.append((pattern, handler))

    def patterns(self) -> tuple[str, ...]:
        """As they were registered."""
        return tuple(pattern for pattern, _ in self._by_pattern)

    def pattern_of(self, matter: str) -> str | None:
        """Under which pattern the matter is handled."""
        return next((p for p, _ in self._by_pattern if fnmatchcase(matter, p)), None)

    def around(self, wrap: Callable[[TaskHandler], TaskHandler]) -> "Handlers":
        """The same ones, each wrapped."""
        wrapped = Handlers()
        wrapped._by_pattern = [(pattern, wrap(handler)) for pattern, handler in self._by_pattern]
        wrapped.on_call, wrapped.on_withdrawn = self.on_call, self.on_withdrawn
        return wrapped

    def of(self, matter: str) -> TaskHandler | None:
        fitting = (h for p, h in self._by_pattern if fnmatchcase(matter, p))
        return next(fitting, None)


async def work_on(handler: TaskHandler, task: Task) -> Outcome:
    """Run a coroutine as it is, and a plain function in a thread of its own."""
    if inspect.iscoroutinefunction(handler):
        outcome = await handler(task)
    else:
        outcome = await asyncio.to_thread(handler, task)
        if inspect.isawaitable(outcome):
            outcome = await outcome
    if not isinstance(outcome, Outcome):
        raise TypeError(f"the handler of {task.matter} answered {outcome!r}, not an outcome")
    return outcome


async def come(handler: CallHandler | None, call: Call) -> Declined | None:
    """Ask the handler; without one we come, and our part is done when we are there."""
    if handler is None:
        return None
    if inspect.iscoroutinefunction(handler):
        answer = await handler(call)
    else:
        answer = await asyncio.to_thread(handler, call)
        if inspect.isawaitable(answer):
            answer = await answer
    if answer is not None and not isinstance(answer, Declined):
        raise TypeError(f"the handler of calls answered {answer!r}, not Declined or None")
    return answer
