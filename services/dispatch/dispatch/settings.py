"""Settings of dispatch."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from dispatch.domain.world import Policy
from service_kit.vault import VaultSettings


class DispatchSettings(VaultSettings):
    """Leases are in domain time (they run with a scaled clock), the tick in real time. The keys of
    the vault are those of statements; ``spot_share`` of the cases are checked by one of the
    district's spot checkers instead of the ordinary verifier."""

    accept_minutes: float = 240
    lease_minutes: float = 240
    reopen_days: float = 15
    spot_share: Annotated[float, Field(ge=0, le=1)] = 0
    tick_seconds: float = 0.25
    sweep_charters_seconds: float = 0.2
    sweep_posts_seconds: float = 0.5

    def policy(self) -> Policy:
        return Policy(
            accept=timedelta(minutes=self.accept_minutes),
            lease=timedelta(minutes=self.lease_minutes),
            reopen_window=timedelta(days=self.reopen_days),
            spot_share=self.spot_share,
        )
