"""Who may act on a task or in an operation, from the rows that gave and took the right.

The gateway turns away what is plainly not the sender's; dispatch and joint have the last word.
Unknown and foreign look the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from case_contracts.commands import Command, OperationCommand
from gateway.domain.rows import ASSIGNED, INVITED, WITHDRAWN

Rows = Iterable[Mapping[str, Any]]


def task_refusal(rows: Rows, department: str, assignment: int) -> str | None:
    """Why this assignment of the task is not the department's now; None: it is.

    ``rows`` are all that is known about the task, in any order.
    """
    known = list(rows)
    given = [row for row in known if row["kind"] == ASSIGNED]
    if not any(r["department"] == department and r["assignment"] == assignment for r in given):
        return "not_your_task"
    if any(row["assignment"] > assignment for row in given):
        return "assignment_is_over"
    taken = (r for r in known if r["kind"] == WITHDRAWN and r["assignment"] == assignment)
    return next((row["data"]["reason"] for row in taken), None)


def refusal(command: Command, department: str, rows: Rows) -> str | None:
    """Why this command of the department is not handed on; None: it is."""
    if isinstance(command, OperationCommand):
        invited = (r for r in rows if r["kind"] == INVITED and r["department"] == department)
        return None if any(invited) else "not_your_operation"
    of_case = [row for row in rows if row.get("case") == command.case]
    code = task_refusal(of_case, department, command.assignment)
    return code if code in (None, "not_your_task") else "assignment_is_over"


def about(command: Command) -> str:
    """What the command is about: a task or an operation."""
    return command.operation if isinstance(command, OperationCommand) else command.taskid
