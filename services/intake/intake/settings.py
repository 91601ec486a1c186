"""Settings of intake."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from intake.adapters.evidence.settings import EvidenceSettings
from intake.domain.policy import Policy
from service_kit.vault import VaultSettings


class IntakeSettings(EvidenceSettings, VaultSettings):
    """Beside those of every service the master keys of the vault.

    ``reopen_days`` is dispatch's setting of that name: give both the same. ``callback_hours`` are
    plain hours within which somebody is to be called back, ``callback_pause_hours`` lie between
    two tries.
    ``open311_url`` is the public base address for Open311's discovery, where it is not the one
    under which we are asked; ``open311_contact`` what it says on whom to turn to;
    ``open311_key_required``: who has no token cannot report by Open311.
    ``link_sweep_seconds``: how often it is looked whether two alike reports have each opened a
    case.
    ``import_bytes``: how large an import's file may be; ``import_days``, ``batch_days``: how many
    days ago a report may have been made that comes by a live import or an offline batch. Rates
    are those of every service, here with limits by default.
    """

    open311_url: str | None = None
    open311_contact: str | None = None
    open311_type: Literal["production", "test"] = "production"
    open311_key_required: bool = False
    link_sweep_seconds: float = 60
    reopen_days: Annotated[float, Field(ge=0)] = 15
    callback_hours: Annotated[float, Field(gt=0)] = 24
    callback_pause_hours: Annotated[float, Field(ge=0)] = 3
    import_bytes: Annotated[int, Field(gt=0)] = 200_000_000
    import_days: Annotated[float, Field(gt=0)] = 30
    batch_days: Annotated[float, Field(gt=0)] = 7
    rate_address: str = "600/minute"
    rate_token: str = "6000/minute"
    rate_failures: str = "30/minute"
    rate_channel: str = "web=6000/minute,open311=6000/minute"

    def policy(self) -> Policy:
        """What decisions and answers need of it."""
        return Policy(
            reopen_window=timedelta(days=self.reopen_days),
            callback_within=timedelta(hours=self.callback_hours),
            callback_pause=timedelta(hours=self.callback_pause_hours),
        )
