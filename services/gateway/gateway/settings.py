"""Settings of the gateway."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, model_validator

from service_kit.settings import ServiceSettings

POLL = Annotated[float, Field(gt=0, le=5)]


class GatewaySettings(ServiceSettings):
    """``departments`` maps a department to the AMQP address of its vhost, as the gateway's
    user: ``{"water-affairs": "amqp://gateway:…@host/dept-lanhe-water-affairs"}``. A department
    that is not named has an inbox all the same and comes for it over HTTP.

    ``departments_file``: a JSON file of the same form, for its reader alone (mode 0600). It is
    looked at each second, so that departments join, leave and get other passwords while the
    gateway runs; what it says of a department goes before ``departments``.

    ``evidence_bytes``: how large a file may be that a department attaches (intake says what is
    too large for its type); ``evidence_seconds``: within which it has to come and to be cleaned.

    ``poll_seconds``: how often the pump asks for what another replica has appended.
    """

    departments: dict[str, SecretStr] = Field(default_factory=dict)
    departments_file: Path | None = None
    evidence_bytes: Annotated[int, Field(gt=0)] = 50 * 1024 * 1024
    evidence_seconds: Annotated[float, Field(gt=0)] = 240.0
    poll_seconds: POLL = 0.1

    @model_validator(mode="after")
    def _vault_is_named(self) -> "GatewaySettings":
        if "intake" not in self.peers:
            raise ValueError(
                "CIVICGRID_PEERS lacks intake: tasks' words come from its vault;"
                ' add {"intake": "http://<host>:<port>"}'
            )
        return self
