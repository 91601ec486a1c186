"""A department's inbox as it is to be seen now: rights looked at again, words fetched."""

import time
from collections.abc import Mapping

from case_contracts.inbox import InboxItem
from gateway.adapters.log_rows import StoredRow
from gateway.adapters.vault import Vault, VaultAway
from gateway.domain.items import Words, item, withdrawn
from gateway.domain.rows import ASSIGNED
from gateway.views.rights import Rights
from service_kit.events.numbered import NumberedLogs

LOOK_AGAIN_SECONDS = 0.1
"""When fetching words took longer, rights are looked at once more before they are shown."""


class Waits(Exception):
    """The next item cannot be shown yet; ``reason`` is a code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Inbox:
    """Reads departments' logs. A page ends before the first item that has to wait."""

    def __init__(self, logs: NumberedLogs, vault: Vault, rights: Rights) -> None:
        self.logs, self._vault, self._rights = logs, vault, rights

    async def page(self, department: str, after: int, limit: int) -> list[InboxItem]:
        """The items after a cursor, without gaps. Raises Waits when not even the first can be
        shown: its charter is not known yet, or the vault is away."""
        rows = await self.logs.read(department, after, limit)
        looked = time.monotonic()
        gone, waits = await self._rights.of(rows)
        rows = rows[: next((n for n, row in enumerate(rows) if row["_id"] in waits), None)]
        if waits and not rows:
            raise Waits("charter_unknown", next(iter(waits.values())))
        tasks = [r for r in rows if r["kind"] == ASSIGNED and r["_id"] not in gone]
        try:
            words = await self._vault.words([row["case"] for row in tasks]) if tasks else {}
        except VaultAway as away:
            rows = rows[: rows.index(tasks[0])]
            if not rows:
                raise Waits("vault_away", str(away)) from None
            words = {}
        else:
            if time.monotonic() - looked > LOOK_AGAIN_SECONDS:
                gone |= (await self._rights.of(tasks))[0]
        return [_shown(row, gone, words) for row in rows]


def _shown(row: StoredRow, gone: Mapping[str, str], words: Mapping[str, Words]) -> InboxItem:
    if row["_id"] in gone:
        return withdrawn(row, gone[row["_id"]])
    return item(row, words.get(row["case"])) if row["kind"] == ASSIGNED else item(row)
