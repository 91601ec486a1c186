"""Wiring of bulk imports and offline batches."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from intake.adapters.import_store import ImportStore
from intake.import_worker import import_worker
from intake.settings import IntakeSettings
from service_kit.mongo import Database
from service_kit.runtime import Runtime

LINES_BYTES = 16 * 1024 * 1024


class Importing:
    """What intake needs for imports; made once, opened on the database."""

    def __init__(self, settings: IntakeSettings) -> None:
        self._store, self._settings = ImportStore(settings.keyring()), settings
        self.larger_bodies: Mapping[str, int] = {
            "/imports/files": settings.import_bytes,
            "/imports": LINES_BYTES,
        }
        self.extras: Mapping[str, Any] = {"imports": self._store}

    async def open(self, database: Database) -> None:
        await self._store.open(database)

    async def run(self, runtime: Runtime) -> None:
        """The background of every replica."""
        age = timedelta(days=self._settings.import_days)
        await import_worker(runtime, self._store, runtime.settings.lapse_seconds, age)
