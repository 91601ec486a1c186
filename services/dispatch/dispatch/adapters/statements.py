"""Statements: what people write on cases (why they return one, what they answer), sealed.

Events carry only the reference, never the words. All statements of a case are under one key of its
own: destroying it erases them, and the chain of commits still verifies. A reference is a keyed hash
of the words and of chance: nobody can guess it, and while the key is there it tells whether the
words are those of the event.
"""

import hmac
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from case_contracts.values import Ref
from service_kit import clock
from service_kit.errors import Erased, Invalid, NotFound
from service_kit.mongo import Database, Document
from service_kit.runtime import Runtime
from service_kit.vault import Box, KeyRing, keep_rotated

COLLECTION = "statements"
MOST = 4000
"""Characters of one statement."""
CHANCE_BYTES = 16
AT_A_TIME = 100


@dataclass(frozen=True)
class Kept:
    """What is known of a statement without opening it."""

    statement: str
    kind: str
    at: datetime


class Statements:
    """All statements of dispatch's cases."""

    def __init__(self, keyring: KeyRing) -> None:
        self._keyring = keyring

    async def open(self, database: Database) -> None:
        """Use this database."""
        self._database, self._rows = database, database[COLLECTION]
        self._box = Box(database, self._keyring, COLLECTION)
        await self._box.create_indexes()

    async def rotate(self) -> None:
        """Bring every data key under the newest master key, then rest for ever."""
        await keep_rotated(self._database, self._keyring)

    async def keep(self, case: str, kind: str, words: str | None) -> Ref | None:
        """Seal the words, and say by which reference they are found; None for None. Raises
        Invalid where they are too many, Erased where the case's statements were."""
        if words is None:
            return None
        if not 0 < len(words) <= MOST:
            raise Invalid(f"a statement has 1 to {MOST} characters, not {len(words)}")
        key = await self._box.keys.make(case)
        content = os.urandom(CHANCE_BYTES) + words.encode()
        if key is not None:
            statement = _reference(key, content)
            if await self._box.put(statement, content, case, kind=kind, at=clock.now()):
                return statement
        raise Erased("what was stated on this case was erased: nothing can be added")

    async def read(self, statements: Sequence[Ref]) -> dict[Ref, str]:
        """The words of these, as far as they are there and were not erased."""
        opened = await self._box.get_many(statements)
        return {each: content[CHANCE_BYTES:].decode() for each, content in opened.items()}

    async def drop(self, statement: Ref | None) -> None:
        """Forget one that was kept for a request that was then refused."""
        if statement is not None:
            await self._rows.delete_one({"_id": statement})

    async def of_case(self, case: str) -> list[Kept]:
        """All that are kept on a case, oldest first."""
        rows = [_kept(row) async for row in self._rows.find({"owner": {"$in": [case]}})]
        return sorted(rows, key=lambda each: (each.at, each.statement))

    async def containing(self, cases: Sequence[str], words: str) -> set[str]:
        """Those of the cases in one of whose statements the words stand, in any case of letters."""
        wanted, found = words.casefold(), set[str]()
        for first in range(0, len(cases), AT_A_TIME):
            page = {"owner": {"$in": list(cases[first : first + AT_A_TIME])}}
            owners = {row["_id"]: row["owner"] async for row in self._rows.find(page, {"owner": 1})}
            said = await self.read(sorted(owners))
            found |= {owners[ref] for ref, text in said.items() if wanted in text.casefold()}
        return found

    async def erase(self, case: str) -> None:
        """Destroy the key of the case's statements; raises NotFound where there never were any."""
        if not await self._box.erase(case, clock.now()):
            raise NotFound(f"nothing is kept that was stated on case {case}")


def statements_of(request: Request) -> Statements:
    """Those of the running service."""
    runtime: Runtime = request.app.state.runtime
    found: Statements = runtime.extras["statements"]
    return found


def _reference(key: bytes, content: bytes) -> str:
    digest = hmac.digest(key, b"statement|" + content, "sha256")
    return f"statement:{uuid.UUID(bytes=digest[:16], version=5)}"


def _kept(row: Document) -> Kept:
    return Kept(row["_id"], row["kind"], row["at"])
