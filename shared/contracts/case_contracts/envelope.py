"""The envelope of every event: CloudEvents 1.0, structured JSON.

Source: CloudEvents 1.0.2 with its Partitioning, Sequence and Distributed Tracing extensions.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from case_contracts.values import Instant, Ref

SEQUENCE_DIGITS = 16


class Envelope(BaseModel):
    """One event on the wire.

    ``sequence`` counts events per (source, subject), zero-padded so that it sorts as text.
    ``causationid`` is the id of the event or command that caused this one, ``correlationid``
    the id of the first report's cause and the same through a whole case. ``writer`` and
    ``batch`` say which commit batch published it, for reconciliation.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: Ref
    source: Annotated[str, Field(pattern=r"^/civicgrid/[a-z0-9-]+/[a-z]+$")]
    type: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+\.v\d+$")]
    subject: Ref
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    sequence: Annotated[str, Field(pattern=rf"^\d{{{SEQUENCE_DIGITS}}}$")]
    causationid: Ref
    correlationid: Ref
    districtid: Ref
    occurredat: Instant
    recordedat: Instant
    traceparent: str | None = None
    writer: Ref
    batch: Annotated[int, Field(ge=0)]
    data: dict[str, Any]

    @property
    def owner(self) -> str:
        return self.source.rsplit("/", 1)[1]

    @property
    def routing_key(self) -> str:
        return f"{self.owner}.{self.type}"

    @property
    def number(self) -> int:
        return int(self.sequence)

    def payload(self) -> EventData:
        """The typed payload; raises UnknownEvent or ValidationError."""
        return parse(self.type, self.data)


def source_of(district: str, service: str) -> str:
    return f"/civicgrid/{district}/{service}"


def sequence_text(number: int) -> str:
    return str(number).zfill(SEQUENCE_DIGITS)
