"""What the vault keeps of one report."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.values import Point


class Contact(BaseModel):
    """How a reporter can be reached: by email, telephone or both."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)] | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9 ()-]{3,30}$")] | None = None


class Entry(BaseModel):
    """A reporter's words, contact, exact place and receipt. Plain only in memory."""

    model_config = ConfigDict(frozen=True)

    text: str | None = None
    contact: Contact | None = None
    point: Point | None = None
    receipt: str | None = None
    language: str = "zh"

    def plain(self) -> bytes:
        return orjson.dumps(self.model_dump(exclude_none=True))

    @classmethod
    def of(cls, plain: bytes) -> "Entry":
        content: Mapping[str, Any] = orjson.loads(plain)
        return cls.model_validate(content)
