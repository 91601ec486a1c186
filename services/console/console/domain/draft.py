"""What somebody is about to report: the form's fields, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from service_kit.language import Language

OTHER, UNSURE = "other", "_unsure"
"""Open311's codes for whoever cannot say which matter, or which condition, it is."""
MOST_LETTERS, MOST_ADDRESS = 3_500, 300
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+$")
PHONE = re.compile(r"^\+?[0-9 ()-]{3,30}$")
SERVICE = re.compile(r"^[a-z0-9-]+(_[a-z0-9-]+){2}$|^other$")
CONDITION = re.compile(r"^[a-z0-9-]+$|^_unsure$")


@dataclass(frozen=True)
class Draft:
    """As the form has it, all of it text. ``key`` is made when the form is shown: sent twice, it
    is one report."""

    service: str = ""
    condition: str = ""
    lon: str = ""
    lat: str = ""
    address: str = ""
    text: str = ""
    email: str = ""
    phone: str = ""
    key: str = ""

    @classmethod
    def of(cls, form: Mapping[str, object]) -> "Draft":
        """From a form; what is no text is left out."""
        named = {each.name: form.get(each.name) for each in fields(cls)}
        return cls(**{name: v.strip() for name, v in named.items() if isinstance(v, str)})

    @property
    def matter(self) -> str | None:
        """The standard's code of what it is about; None where that is left to a person."""
        return None if self.service in ("", OTHER) else self.service.replace("_", "/")

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude; None where no place is marked, or none on earth."""
        try:
            lon, lat = float(self.lon), float(self.lat)
        except ValueError:
            return None
        return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None

    def wrong(self) -> dict[str, str]:
        """By field, the key of what to say about it; empty where it can be sent."""
        checks = {
            "service": bool(SERVICE.match(self.service)),
            "condition": not self.condition or bool(CONDITION.match(self.condition)),
            "text": bool(self.text or self.matter),
            "email": not self.email or bool(EMAIL.match(self.email)),
            "phone": not self.phone or bool(PHONE.match(self.phone)),
        }
        found = {name: f"wrong.{name}" for name, fine in checks.items() if not fine}
        long = {"text": MOST_LETTERS, "address": MOST_ADDRESS}
        found |= {n: f"wrong.{n}_long" for n, most in long.items() if len(getattr(self, n)) > most}
        return found

    def body(self, language: Language, address_label: str) -> dict[str, Any]:
        """What intake is sent. The place in words stands below the words, as Open311's does: it
        goes into the vault with them."""
        place = f"{address_label}{self.address}" if self.address else ""
        text = "\n".join(part for part in (self.text, place) if part)
        contact = {"email": self.email, "phone": self.phone}
        known = {way: value for way, value in contact.items() if value}
        body: dict[str, Any] = {"channel": "web", "language": language}
        if self.matter:
            body["matter"] = self.matter
        if self.matter and self.condition not in ("", UNSURE):
            body["condition"] = self.condition
        if self.point:
            body["point"] = dict(zip(("lon", "lat"), self.point, strict=True))
        return body | ({"text": text} if text else {}) | ({"contact": known} if known else {})
