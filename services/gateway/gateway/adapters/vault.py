"""Intake's vault: reports' words and exact places, and which evidence there is, for the department
that handles the case."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import httpx
from pydantic import TypeAdapter, ValidationError

from case_contracts.values import Point
from gateway.domain.attachments import Evidence
from gateway.domain.items import Words

PURPOSE = "handle-task"


class VaultAway(Exception):
    """The vault gives no answer now; the words may be had later."""


class Vault(Protocol):
    async def words(self, cases: Sequence[str]) -> Mapping[str, Words]:
        """The words of these cases, in one go; a case of which there are none, or none any
        more, is left out. Raises VaultAway."""
        ...


class _Answer(Evidence):
    case: str
    text: str | None
    point: Point | None


_ANSWERS: TypeAdapter[list[_Answer]] = TypeAdapter(list[_Answer])


class IntakeVault:
    """Asks intake with a service token; every case leaves an audit row there."""

    def __init__(self, http: httpx.AsyncClient, intake: str) -> None:
        self._http, self._url = http, f"{intake.rstrip('/')}/vault/words"

    async def words(self, cases: Sequence[str]) -> Mapping[str, Words]:
        query = {"purpose": PURPOSE, "case": list(dict.fromkeys(cases))}
        try:
            response = await self._http.get(self._url, params=query)
            response.raise_for_status()
            answers = _ANSWERS.validate_json(response.content)
        except httpx.HTTPStatusError as error:
            raise VaultAway(f"HTTP {error.response.status_code}") from None
        except (httpx.HTTPError, ValidationError) as error:
            raise VaultAway(type(error).__name__) from None
        return {each.case: Words(each.text, each.point, each) for each in answers}
