"""Settings of joint."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from joint.domain.world import Policy
from service_kit.settings import ServiceSettings


class JointSettings(ServiceSettings):
    """``arrival_minutes`` (domain time): how long after the whistle a unit may take to arrive."""

    arrival_minutes: Annotated[float, Field(gt=0)] = 30

    def policy(self) -> Policy:
        return Policy(arrival=timedelta(minutes=self.arrival_minutes))
