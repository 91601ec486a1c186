"""A department's inbox as it is to be seen now: rights looked at again, words fetched."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from case_contracts.inbox import InboxItem
from case_contracts.values import Versioned
from gateway.adapters.log_rows import StoredRow, rows_about
from gateway.adapters.vault import Vault, VaultAway
from gateway.domain.charters import World
from gateway.domain.items import Words, item, withdrawn
from gateway.domain.rights import task_refusal
from gateway.domain.rows import ASSIGNED
from service_kit import clock
from service_kit.charters import Charters
from service_kit.events.numbered import NumberedLogs
from service_kit.mongo import Database

LOOK_AGAIN_SECONDS = 0.1
"""When fetching words took longer, rights are looked at once more before they are shown."""


class Waits(Exception):
    """The next item cannot be shown yet; ``reason`` is a code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class Inbox:
    """Reads departments' logs. A page ends before the first item that has to wait."""

    def __init__(
        self,
        database: Database,
        logs: NumberedLogs,
        vault: Vault,
        load_world: Callable[[], Awaitable[World]],
    ) -> None:
        self._database, self.logs, self._vault = database, logs, vault
        self._load_world = load_world

    async def page(self, department: str, after: int, limit: int) -> list[InboxItem]:
        """The items after a cursor, without gaps. Raises Waits when not even the first can be
        shown: its charter is not known yet, or the vault is away."""
        rows = await self.logs.read(department, after, limit)
        looked = time.monotonic()
        gone, waits = await self._rights(rows)
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
                gone |= (await self._rights(tasks))[0]
        return [_shown(row, gone, words) for row in rows]

    async def _rights(self, rows: Sequence[StoredRow]) -> tuple[dict[str, str], dict[str, str]]:
        """Row ids of tasks that the department may no longer see, with the reason; and of those
        that have to wait, with the charter that is not known yet."""
        tasks = [row for row in rows if row["kind"] == ASSIGNED]
        gone: dict[str, str] = {}
        waits: dict[str, str] = {}
        if tasks:
            about = await rows_about(self._database, list({row["about"] for row in tasks}))
            charters, now = (await self._load_world()).charters, clock.now()
            for row in tasks:
                reason = task_refusal(about[row["about"]], row["log"], row["assignment"])
                reason = reason or _charter_refusal(row, charters, now, waits)
                if reason is not None:
                    gone[row["_id"]] = reason
        return gone, waits


def _charter_refusal(
    row: StoredRow, charters: Charters, now: datetime, waits: dict[str, str]
) -> str | None:
    if row["charter"] is None:
        return None
    charter = Versioned.model_validate(row["charter"])
    if not charters.known(charter):
        waits[row["_id"]] = charter.id
        return None
    return None if charters.holds(charter, now, row["data"]["matter"]) else "charter_revoked"


def _shown(row: StoredRow, gone: Mapping[str, str], words: Mapping[str, Words]) -> InboxItem:
    if row["_id"] in gone:
        return withdrawn(row, gone[row["_id"]])
    return item(row, words.get(row["case"])) if row["kind"] == ASSIGNED else item(row)
