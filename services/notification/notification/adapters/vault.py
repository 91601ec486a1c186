"""Asking intake's vault how to reach a reporter, at the moment of sending. Nothing is kept."""

from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from service_kit.errors import NotFound, Unavailable

PURPOSE = "notice"
GONE = frozenset({404, 410})


@dataclass(frozen=True)
class Contact:
    """How to reach a reporter; nothing of it shows when the object is printed or logged."""

    email: str | None = field(repr=False)
    receipt: str | None = field(repr=False)


class Vault:
    """intake's vault; ``base`` is None where intake's address is not among the peers."""

    def __init__(self, http: httpx.AsyncClient, base: str | None) -> None:
        self._http, self._base = http, base

    async def contact(self, report: str) -> Contact | None:
        """None where nothing is known or it was erased; raises Unavailable while intake is away."""
        found = await self._get(f"/vault/reports/{quote(report)}/contact?purpose={PURPOSE}")
        return None if found is None else Contact(found.get("email"), found.get("receipt"))

    async def report_of(self, receipt: str) -> str:
        """Which report a receipt is for; raises NotFound for one that nobody holds."""
        found = await self._get(f"/vault/receipts/{quote(receipt, safe='')}")
        if found is None:
            raise NotFound("there is no such receipt")
        return str(found["report"])

    async def _get(self, path: str) -> dict[str, str | None] | None:
        if self._base is None:
            raise Unavailable("CIVICGRID_PEERS names no intake, so the vault cannot be asked")
        try:
            answer = await self._http.get(self._base + path)
        except httpx.HTTPError as error:
            raise Unavailable(f"the vault does not answer: {type(error).__name__}") from None
        if answer.status_code in GONE:
            return None
        if answer.status_code != httpx.codes.OK:
            raise Unavailable(f"the vault answers {answer.status_code}")
        body: dict[str, str | None] = answer.json()
        return body
