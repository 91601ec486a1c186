"""Settings of dispatch."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from dispatch.domain.world import Policy
from service_kit.vault import VaultSettings


class DispatchSettings(VaultSettings):
    """Leases are in domain time (they run with a scaled clock), the tick in real time. With
    ``leases_in`` ``working`` they count working time for matters whose own limit does: for
    districts where departments work by hand, and nobody sends a heartbeat at night. The keys of
    the vault are those of statements; ``spot_share`` of the cases are checked by one of the
    district's spot checkers instead of the ordinary verifier.

    ``public_levels``: of grids of these levels everybody is told the figures of a month;
    ``public_running``: also while it has not ended. Who asks every hour sees that one more came.
    """

    accept_minutes: float = 240
    lease_minutes: float = 240
    leases_in: Literal["elapsed", "working"] = "elapsed"
    reopen_days: float = 15
    spot_share: Annotated[float, Field(ge=0, le=1)] = 0
    public_levels: str = "district,street,community"
    public_running: bool = False
    tick_seconds: float = 0.25
    sweep_charters_seconds: float = 0.2
    sweep_posts_seconds: float = 0.5

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(each.strip() for each in self.public_levels.split(",") if each.strip())

    def policy(self) -> Policy:
        return Policy(
            accept=timedelta(minutes=self.accept_minutes),
            lease=timedelta(minutes=self.lease_minutes),
            working=self.leases_in == "working",
            reopen_window=timedelta(days=self.reopen_days),
            spot_share=self.spot_share,
        )
