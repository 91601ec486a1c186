"""What a department remembers: which items it has seen, and which work is not finished."""

import sqlite3
from pathlib import Path
from typing import Protocol

from case_contracts.inbox import INBOX_ITEM, InvitationItem, TaskItem

Work = TaskItem | InvitationItem


def key_of(item: Work) -> str:
    """One piece of work: an assignment of a task, or an operation."""
    return f"{item.taskid}:{item.assignment}" if isinstance(item, TaskItem) else item.operation


class Memory(Protocol):
    """Delivery is at least once, so what was seen is remembered for ever."""

    async def first(self, item: Work) -> bool:
        """Remember the work; False when it was known. After True it survives a restart, as far
        as this memory does."""
        ...

    async def finish(self, key: str) -> None:
        """The work is over, however it ended; its content may be forgotten."""
        ...

    async def unfinished(self) -> list[Work]:
        """What is to be resumed after a restart."""
        ...

    async def heard(self, operation: str, unit: str) -> None:
        """A called unit has done its part in an operation that we lead, or has declined."""
        ...

    async def units_done(self, operation: str) -> set[str]:
        """The units of which that was heard, while the operation is not over."""
        ...


class InMemory:
    """Ends with the process: tasks that were open then lapse and come back to the supervisor."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    async def first(self, item: Work) -> bool:
        key = key_of(item)
        new = key not in self._seen
        self._seen.add(key)
        return new

    async def finish(self, key: str) -> None:
        return None

    async def unfinished(self) -> list[Work]:
        return []

    async def heard(self, operation: str, unit: str) -> None:
        return None

    async def units_done(self, operation: str) -> set[str]:
        return set()


class SqliteMemory:
    """A file that survives restarts; words and place are deleted when the work is over."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA secure_delete=ON")
        self._db.execute("CREATE TABLE IF NOT EXISTS work (key TEXT PRIMARY KEY, item TEXT)")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS heard (operation TEXT, unit TEXT, UNIQUE(operation, unit))"
        )

    async def first(self, item: Work) -> bool:
        with self._db:
            added = self._db.execute(
                "INSERT OR IGNORE INTO work VALUES (?, ?)", (key_of(item), item.model_dump_json())
            )
        return added.rowcount == 1

    async def finish(self, key: str) -> None:
        with self._db:
            self._db.execute("UPDATE work SET item = NULL WHERE key = ?", (key,))
            self._db.execute("DELETE FROM heard WHERE operation = ?", (key,))

    async def unfinished(self) -> list[Work]:
        rows = self._db.execute("SELECT item FROM work WHERE item IS NOT NULL ORDER BY rowid")
        items = [INBOX_ITEM.validate_json(text) for (text,) in rows]
        return [item for item in items if isinstance(item, TaskItem | InvitationItem)]

    async def heard(self, operation: str, unit: str) -> None:
        with self._db:
            self._db.execute("INSERT OR IGNORE INTO heard VALUES (?, ?)", (operation, unit))

    async def units_done(self, operation: str) -> set[str]:
        rows = self._db.execute("SELECT unit FROM heard WHERE operation = ?", (operation,))
        return {unit for (unit,) in rows}

    def close(self) -> None:
        self._db.close()
