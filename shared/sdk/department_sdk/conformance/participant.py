"""What is tried: a department on a line of ours."""

import functools
import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from case_contracts.inbox import EXAMPLES
from department_sdk.department import Department
from department_sdk.handlers import TaskHandler
from department_sdk.line import Line
from department_sdk.task import Task

RETRY_SECONDS = 0.01
STANDS_IN = {
    "CIVICGRID_DEPARTMENT": "tried-department",
    "CIVICGRID_AMQP_URL": "amqp://nobody:nothing@127.0.0.1:1/",
}
"""For ``Department.from_env`` where nothing is set: nothing is ever sent there."""


class Participant(Protocol):
    """Reads the inbox of its line between ``start`` and ``stop``."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


Make = Callable[[Line, list[str]], Participant]
"""Makes one on a line, to be started; where its handlers raise is added to the list."""


class NotADepartment(ValueError):
    """What was named cannot be tried; the text says why."""


def load(name: str) -> object:
    """What ``module:name`` names; raises NotADepartment."""
    module, _, attribute = name.partition(":")
    if not attribute:
        raise NotADepartment(f"{name!r}: write it as module:name")
    for key, value in STANDS_IN.items():
        os.environ.setdefault(key, value)
    sys.path.insert(0, os.getcwd())
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        raise NotADepartment(f"there is no module {error.name}") from error
    except AttributeError:
        raise NotADepartment(f"{module} has no {attribute}") from None


def maker(subject: object) -> Make:
    """How to make it anew for each scenario; raises NotADepartment."""
    if isinstance(subject, Department):
        return functools.partial(_of_department, subject)
    if callable(subject):
        made: Callable[[Line], Participant] = subject
        return lambda line, _: made(line)
    raise NotADepartment(
        f"{type(subject).__name__} is neither a Department nor a function of a line"
    )


def matters_of(subject: object) -> list[str]:
    """One for each pattern that the department has a handler for; else an example."""
    example = str(EXAMPLES["task.assigned"]["matter"])
    if not isinstance(subject, Department) or not subject.handlers.patterns():
        return [example]
    return [_fitting(pattern, example, subject) for pattern in subject.handlers.patterns()]


def _fitting(pattern: str, example: str, subject: Department) -> str:
    if subject.handlers.pattern_of(example) == pattern:
        return example
    parts = [*pattern.replace("*", "x").split("/"), "x", "x"][:3]
    return "/".join(parts)


def _of_department(subject: Department, line: Line, raised: list[str]) -> Participant:
    handlers = subject.handlers.around(functools.partial(_noting, raised))
    return _AtOnce(subject.on(line, handlers, retry_seconds=RETRY_SECONDS))


class _AtOnce:
    """Stops without waiting for what is being worked on."""

    def __init__(self, department: Department) -> None:
        self._department = department

    async def start(self) -> None:
        await self._department.start()

    async def stop(self) -> None:
        await self._department.stop(grace_seconds=0)


def _noting(raised: list[str], handler: TaskHandler) -> TaskHandler:
    """A coroutine stays one, and a plain function too."""

    @functools.wraps(handler)
    async def waited(task: Task) -> Any:
        try:
            return await handler(task)  # type: ignore[misc]
        except Exception as error:
            raised.append(_said(error))
            raise

    @functools.wraps(handler)
    def plain(task: Task) -> Any:
        try:
            return handler(task)
        except Exception as error:
            raised.append(_said(error))
            raise

    return waited if inspect.iscoroutinefunction(handler) else plain


def _said(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
