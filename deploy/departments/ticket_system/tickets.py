"""The ticket system that the department has had for years. Here a table in SQLite stands for it;
put your own system's calls in these six methods, and leave ``ticket_department.py`` as it is."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TABLE = """CREATE TABLE IF NOT EXISTS tickets (
  number INTEGER PRIMARY KEY, external_id TEXT NOT NULL UNIQUE, assignment INTEGER NOT NULL,
  status TEXT NOT NULL DEFAULT 'new', subject TEXT, place TEXT, words TEXT,
  photos TEXT NOT NULL DEFAULT '[]', wait_until TEXT, note TEXT)"""
ENDED = ("done", "rejected", "cancelled")


@dataclass(frozen=True)
class Ticket:
    """``assignment`` is the one that it is worked on for; ``photos`` are ids of what crews took."""

    number: int
    external_id: str
    assignment: int
    status: str
    photos: tuple[str, ...]
    wait_until: datetime | None
    note: str | None

    @property
    def says(self) -> tuple[str, datetime | None]:
        """What of it is told on; remarks and photos alone are not."""
        return self.status, self.wait_until


class Tickets:
    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(TABLE)

    def open(
        self, external_id: str, assignment: int, subject: str, place: str, words: str | None
    ) -> None:
        """Once for each external id, however often it is called; a later assignment of the same
        task (rework, or after a lapse) opens its ticket again."""
        self._db.execute(
            "INSERT INTO tickets (external_id, assignment, subject, place, words)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (external_id) DO UPDATE SET"
            " assignment = excluded.assignment, status = 'new', note = 'given anew', photos = '[]'"
            " WHERE excluded.assignment > tickets.assignment",
            (external_id, assignment, subject, place, words),
        )

    def find(self, external_id: str) -> Ticket | None:
        row = self._db.execute(
            "SELECT number, external_id, assignment, status, photos, wait_until, note"
            " FROM tickets WHERE external_id = ?",
            (external_id,),
        ).fetchone()
        if row is None:
            return None
        number, external, assignment, status, photos, until, note = row
        waits = datetime.fromisoformat(until) if until else None
        return Ticket(number, external, assignment, status, tuple(json.loads(photos)), waits, note)

    def cancel(self, external_id: str, assignment: int, note: str) -> None:
        """The crews see the note; a ticket that has ended, or was given anew, stays as it is."""
        self._db.execute(
            "UPDATE tickets SET status = 'cancelled', note = ? WHERE external_id = ?"
            " AND assignment <= ? AND status NOT IN (?, ?, ?)",
            (note, external_id, assignment, *ENDED),
        )

    def remark(self, external_id: str, note: str) -> None:
        """What the crews must know."""
        self._db.execute("UPDATE tickets SET note = ? WHERE external_id = ?", (note, external_id))
