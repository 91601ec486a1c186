"""Who looked into the vault, when, what for, and at what. Written before anything is shown."""

from collections.abc import Sequence
from typing import Any, Literal

from service_kit.auth import Principal
from service_kit.mongo import Database
from service_kit.vault import audit

What = Literal["contact", "words", "erase", "media", "audit"]


async def note(
    database: Database, caller: Principal, what: What, subject: str, purpose: str, **more: Any
) -> None:
    """One row of ``vault_audit``; without it nothing is shown."""
    await note_many(database, caller, what, [subject], purpose, **more)


async def note_many(
    database: Database, caller: Principal, what: What, subjects: Sequence[str], purpose: str,
    **more: Any,
) -> None:  # fmt: skip
    """One row for each of several subjects, in one write."""
    await audit.note_many(database, caller, what, subjects, purpose, **more)
