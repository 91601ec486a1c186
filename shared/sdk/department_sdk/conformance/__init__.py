"""Says in words what a department does wrong, before it works on real tasks.

``python -m department_sdk.conformance module:name``, where ``name`` is a ``Department``, or a
function that gets a ``Line`` and returns something with ``start`` and ``stop`` (a department that
speaks the contract without the SDK). Nothing but this process is needed.
"""

from department_sdk.conformance.check import check
from department_sdk.conformance.findings import Fault, Finding
from department_sdk.conformance.participant import Participant, load, maker, matters_of

__all__ = ["Fault", "Finding", "Participant", "check", "load", "maker", "matters_of"]
