"""What a department needs to take tasks from civicgrid: handlers by matter, and their outcomes."""

from department_sdk.department import Department
from department_sdk.outcomes import Completed, Declined, NeedHelp, Outcome, Returned
from department_sdk.task import Call, Task

__all__ = ["Call", "Completed", "Declined", "Department", "NeedHelp", "Outcome", "Returned", "Task"]
