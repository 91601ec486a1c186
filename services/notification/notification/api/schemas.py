"""What the API answers."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from notification.domain.state import Channel, Kind, Notice, Outcome

_NOTICE: dict[str, Any] = {
    "notice": "notice:report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d:"
    "5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11:closed:1:inapp",
    "report": "report:0f8c0e6a-90f0-5d9c-8d77-2f6f0a1b2c3d",
    "kind": "closed",
    "channel": "inapp",
    "outcome": "sent",
    "at": "2026-01-05T03:00:05Z",
    "reason": None,
}


class NoticeOut(BaseModel):
    """That somebody was told, and how it went; never what or where to."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NOTICE]})

    notice: str
    report: str
    kind: Kind
    channel: Channel
    outcome: Outcome
    at: datetime
    reason: str | None

    @classmethod
    def of(cls, notice: Notice) -> "NoticeOut":
        return cls(**notice.model_dump())


class Letter(BaseModel):
    """A notice as the reporter reads it."""

    kind: Kind
    at: datetime
    subject: str
    text: str
