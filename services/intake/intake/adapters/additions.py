"""What reporters added later (补充): in the vault too, under the key of the report that they belong
to, so that what erases the report erases them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.adapters.entry import Contact, Entry
from intake.adapters.vault import Vault
from service_kit.errors import Erased, NotFound
from service_kit.mongo import ASCENDING, Database, Document, DuplicateKeyError
from service_kit.vault import seal, unseal

COLLECTION = "vault_additions"
AT_ONCE = 100
_ADDED = {"zh": "补充", "en": "Added"}


@dataclass(frozen=True)
class Addition:
    """One addition of a report, as it was said."""

    report: str
    at: datetime
    entry: Entry


class Additions:
    """``vault_additions``: one document for each, beside the vault's own."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def open(self, database: Database) -> None:
        """Its collection, and the index by which a report's additions are found."""
        self._rows = database[COLLECTION]
        await self._rows.create_index([("report", ASCENDING)], name="report")

    async def put(self, addition: str, report: str, entry: Entry, at: datetime) -> bool:
        """Keep it; False where it is there already. Raises NotFound, Erased."""
        cipher = await self._vault.cipher(self._vault.references.case(report))
        sealed = seal(cipher, entry.plain(), addition)
        try:
            await self._rows.insert_one(
                {"_id": addition, "report": report, "at": at, "sealed": sealed}
            )
        except DuplicateKeyError:
            return False
        return True

    async def drop(self, addition: str) -> None:
        """What was kept for a request that was then refused."""
        await self._rows.delete_one({"_id": addition})

    async def of(self, reports: Sequence[str]) -> list[Addition]:
        """What was added to these reports, oldest first; what was erased is left out."""
        found = []
        for first in range(0, len(reports), AT_ONCE):
            wanted = {"report": {"$in": list(reports[first : first + AT_ONCE])}}
            found += [row async for row in self._rows.find(wanted)]
        opened = [await self._opened(row) for row in sorted(found, key=_age)]
        return [each for each in opened if each is not None]

    async def _opened(self, row: Document) -> Addition | None:
        try:
            cipher = await self._vault.cipher(self._vault.references.case(row["report"]))
        except (Erased, NotFound):
            return None
        entry = Entry.of(unseal(cipher, row["sealed"], row["_id"]))
        return Addition(row["report"], row["at"], entry)

    async def contact(self, report: str) -> tuple[Entry, Contact]:
        """The report's entry, and how its reporter can be reached by what they said last; raises
        NotFound, Erased."""
        entry = await self._vault.report(report)
        said = [entry.contact, *(each.entry.contact for each in await self.of([report]))]
        known = [contact for contact in said if contact is not None]
        email = next((c.email for c in reversed(known) if c.email), None)
        phone = next((c.phone for c in reversed(known) if c.phone), None)
        return entry, Contact(email=email, phone=phone)


def _age(row: Document) -> tuple[datetime, str]:
    return row["at"], row["_id"]


def with_additions(
    text: str | None, added: Sequence[Addition], language: str, zone: ZoneInfo
) -> str | None:
    """The words as whoever works on it reads them: what was added stands below, in order, each
    with its time."""
    lines = [text] if text else []
    for each in added:
        if each.entry.text:
            at = each.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
            lines.append(f"[{_ADDED[language]} {at}] {each.entry.text}")
    return "\n".join(lines) or None
