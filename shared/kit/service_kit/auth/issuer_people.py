"""The sample people of a local run, as whom anybody may log in at the development issuer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, TypeAdapter

from service_kit.language import Language


class Text(BaseModel):
    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Person(BaseModel):
    """Somebody with an invented id. ``name`` is what they are (nobody has a name in the sample),
    ``place`` where they are it; ``kind``, ``scope`` and ``department`` are their token's."""

    id: str
    kind: Literal["staff", "department", "operator"]
    scope: str
    department: str | None = None
    name: Text
    place: Text


PEOPLE = TypeAdapter(list[Person])


def people_of(file: Path | None) -> Sequence[Person]:
    """Those of the file as it is now; nobody where there is none yet."""
    return PEOPLE.validate_json(file.read_bytes()) if file and file.is_file() else []
