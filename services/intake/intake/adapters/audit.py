"""Who looked into the vault, when, what for, and at what. Written before anything is shown."""

from collections.abc import Sequence
from typing import Literal

from service_kit import clock
from service_kit.auth import Principal
from service_kit.mongo import Database

What = Literal["contact", "words", "erase"]


async def note(
    database: Database, caller: Principal, what: What, subject: str, purpose: str
) -> None:
    """One row of ``vault_audit``; without it nothing is shown."""
    await note_many(database, caller, what, [subject], purpose)


async def note_many(
    database: Database, caller: Principal, what: What, subjects: Sequence[str], purpose: str
) -> None:
    """One row for each of several subjects, in one write."""
    by_whom = {"who": caller.id, "kind": caller.kind, "what": what}
    rows = [
        {**by_whom, "subject": subject, "purpose": purpose, "at": clock.now()}
        for subject in subjects
    ]
    await database["vault_audit"].insert_many(rows)
