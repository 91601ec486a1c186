"""Settings of the gateway."""

from typing import Annotated

from pydantic import Field, SecretStr, model_validator

from service_kit.settings import ServiceSettings

POLL = Annotated[float, Field(gt=0, le=5)]


class GatewaySettings(ServiceSettings):
    """``departments`` maps a department to the AMQP address of its vhost, as the gateway's
    user: ``{"water-affairs": "amqp://gateway:…@host/dept-lanhe-water-affairs"}``. A department
    that is not named has an inbox all the same and comes for it over HTTP.

    ``poll_seconds``: how often the pump asks for what another replica has appended.
    """

    departments: dict[str, SecretStr] = Field(default_factory=dict)
    poll_seconds: POLL = 0.1

    @model_validator(mode="after")
    def _vault_is_named(self) -> "GatewaySettings":
        if "intake" not in self.peers:
            raise ValueError(
                "CIVICGRID_PEERS lacks intake: tasks' words come from its vault;"
                ' add {"intake": "http://<host>:<port>"}'
            )
        return self
