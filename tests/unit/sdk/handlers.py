"""Handlers that several tests register."""

from typing import Any

from department_sdk import Completed, Department, Outcome, Task

MANHOLE = "part/utilities/manhole-cover"


def names(said: list[Any]) -> list[str]:
    return [command.name for command in said]


def completing(dept: Department) -> None:
    @dept.handles("part/utilities/*")
    async def repair(task: Task) -> Outcome:
        return Completed(evidence=("evidence:1",))
