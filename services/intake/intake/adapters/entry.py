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


class Particulars(BaseModel):
    """What a report by another system's form says beyond that: who reported it with what, and
    the place in words. ``media_url`` is kept as it was given, and never fetched."""

    model_config = ConfigDict(frozen=True)

    first_name: str | None = None
    last_name: str | None = None
    account_id: str | None = None
    device_id: str | None = None
    address_string: str | None = None
    address_id: str | None = None
    media_url: str | None = None


class Entry(BaseModel):
    """A reporter's words, contact, exact place and receipt. Plain only in memory."""

    model_config = ConfigDict(frozen=True)

    text: str | None = None
    contact: Contact | None = None
    point: Point | None = None
    receipt: str | None = None
    language: str = "zh"
    particulars: Particulars | None = None

    @property
    def words(self) -> str | None:
        """The words as whoever works on it needs them: with the place and the picture's address,
        where those were given in words too."""
        more = self.particulars or Particulars()
        labels = _LABELS[self.language]
        given = (more.address_string, more.address_id, more.media_url)
        lines = [f"{label}{value}" for label, value in zip(labels, given, strict=True) if value]
        return "\n".join([*([self.text] if self.text else []), *lines]) or None

    def plain(self) -> bytes:
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def of(cls, plain: bytes) -> "Entry":
        content: Mapping[str, Any] = orjson.loads(plain)
        return cls.model_validate(content)


_LABELS = {
    "zh": ("位置：", "地址编号：", "图片链接："),
    "en": ("Place: ", "Address id: ", "Picture: "),
}
