"""What called departments say, as the gateway hands it on."""

from typing import get_args

from case_contracts.commands import Forwarded, OperationCommand
from joint.commands.department_command import DepartmentCommand
from service_kit.errors import Invalid
from service_kit.events.subscriptions import Translated

KIND = "operation:"


def on_department_command(forwarded: Forwarded) -> Translated:
    """Raises Invalid for a command about a task: the gateway sends those to dispatch.

    A department chooses the text in ``operation``; whatever it is, it names an operation, so
    that an unknown one is answered like one of others.
    """
    command = forwarded.command
    if not isinstance(command, get_args(OperationCommand)):
        raise Invalid(f"{command.name} is no command about an operation", code="not_for_joint")
    named = command.operation
    operation = named if named.startswith(KIND) else KIND + named
    return Translated(operation, DepartmentCommand(forwarded.id, forwarded.department, command))
