"""Wiring of bulk imports and offline batches."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from intake.adapters.import_store import ImportStore
from intake.api import batches, import_files, imports
from intake.commands.finish_import import FinishImport, finish_import
from intake.commands.start_import import StartImport, start_import
from intake.domain.imports import ImportAggregate
from intake.import_worker import import_worker
from intake.settings import IntakeSettings
from service_kit.mongo import Database
from service_kit.runtime import Runtime

LINES_BYTES = 16 * 1024 * 1024
ROUTERS = (import_files.router, imports.router, batches.router)
"""Files before lines: theirs is the longer path."""


class Importing:
    """What intake needs for imports; made once, opened on the database."""

    def __init__(self, settings: IntakeSettings) -> None:
        self._store, self._settings = ImportStore(settings.keyring()), settings
        self.aggregate = ImportAggregate({StartImport: start_import, FinishImport: finish_import})
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
