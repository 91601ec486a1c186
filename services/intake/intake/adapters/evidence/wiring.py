"""What evidence needs, made once for the process."""

from collections.abc import Mapping
from typing import Any

from intake.adapters.evidence.links import Links
from intake.adapters.evidence.media import Media
from intake.adapters.evidence.settings import EvidenceSettings
from intake.adapters.evidence.stores.chosen import store
from intake.adapters.evidence.workshop import Workshop
from intake.adapters.vault import Vault
from intake.views.evidence import create_indexes
from service_kit.mongo import Database

SMALL_BODY = 64 * 1024


class Evidence:
    """``extras`` are what routes find in the runtime, once ``open`` is through."""

    def __init__(self, vault: Vault, settings: EvidenceSettings) -> None:
        self._vault, self._settings = vault, settings
        self.media = Media(vault)
        self.links = Links()
        self.workshop = Workshop(
            settings.evidence_limits(),
            workers=settings.evidence_workers,
            room=settings.evidence_memory_bytes,
        )

    @property
    def extras(self) -> Mapping[str, Any]:
        return {"media": self.media, "links": self.links, "workshop": self.workshop}

    @property
    def larger_bodies(self) -> Mapping[str, int]:
        """Only the upload itself takes a file: what lies below its path takes little."""
        largest = max(self._settings.evidence_photo_bytes, self._settings.evidence_film_bytes)
        return {"/evidence/": SMALL_BODY, "/evidence": largest}

    async def open(self, database: Database) -> None:
        """After the vault: its secret signs the links."""
        self.links.open(self._vault.references.link_key())
        await self.media.open(database, store(self._settings.evidence_store, database))
        await create_indexes(database)
