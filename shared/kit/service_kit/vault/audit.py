"""Who looked into a vault, when, what for, and at what. Written before anything is shown."""

from collections.abc import Sequence
from typing import Any

from service_kit import clock
from service_kit.auth import Principal
from service_kit.mongo import Database


async def note_many(
    database: Database,
    caller: Principal,
    what: str,
    subjects: Sequence[str],
    purpose: str,
    **more: Any,
) -> None:
    """One row of ``vault_audit`` for each of several subjects, in one write."""
    by_whom = {"who": caller.id, "kind": caller.kind, "what": what}
    rows = [
        {**by_whom, "subject": subject, "purpose": purpose, "at": clock.now(), **more}
        for subject in subjects
    ]
    await database["vault_audit"].insert_many(rows)
