"""Why a department's command is refused, or its HTTP request: every code, and what to do.

``retry`` is what the answer says: whether the same step, under a new command id, can succeed
later (over HTTP: the same request). ``python -m case_contracts.generate`` writes it into
``errors.md``; ``tests/contract/test_refusals.py`` compares it with what the services send.
"""

from case_contracts.refusals.commands import OF_COMMANDS
from case_contracts.refusals.evidence import OF_EVIDENCE
from case_contracts.refusals.http import OF_HTTP
from case_contracts.refusals.said import Refusal

__all__ = ["OF_COMMANDS", "OF_EVIDENCE", "OF_HTTP", "Refusal"]
