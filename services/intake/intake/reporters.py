"""The part of intake that keeps reporters' rights: what they may do, and who calls them back."""

from intake.adapters.additions import Additions
from intake.adapters.vault import Vault
from intake.api import callbacks as callbacks_api
from intake.api import reveal, rights, track
from intake.commands.reporters import CALLBACKS
from intake.domain.callback import CallbackAggregate
from intake.views import callbacks, revealed
from service_kit.mongo import Database

ROUTERS = [track.router, rights.router, callbacks_api.router, reveal.router]


class Reporting:
    """Everything of it that has to be opened with the service."""

    def __init__(self, vault: Vault) -> None:
        self.additions = Additions(vault)
        self.aggregate = CallbackAggregate(CALLBACKS)
        self.extras = {"additions": self.additions}

    async def open(self, database: Database) -> None:
        """Collections and their indexes."""
        await self.additions.open(database)
        await callbacks.create_indexes(database)
        await revealed.create_indexes(database)
