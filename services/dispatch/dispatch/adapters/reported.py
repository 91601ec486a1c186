"""What was reported, from intake's vault: asked for one case, one person and one purpose."""

from typing import Any
from urllib.parse import quote

import httpx
from pydantic import BaseModel, Field, ValidationError

from case_contracts.values import Instant, Point, Ref
from service_kit.errors import Erased, NotFound, Unavailable

AWAY = "what was reported cannot be had now; try again"


class Attachment(BaseModel):
    """Evidence that those who handle the case may see; it opens at intake."""

    evidence: Ref
    phase: str
    format: str
    taken_at: Instant | None = None


class Said(BaseModel):
    """As intake says it. ``withheld``: how many pieces of evidence handlers may not see."""

    case: Ref
    text: str | None
    point: Point | None
    attachments: list[Attachment] = Field(default_factory=list)
    withheld: int = Field(0, ge=0)


async def said_on(http: httpx.AsyncClient, intake: str, case: str, purpose: str, who: str) -> Said:
    """The words and the exact place; intake writes down that ``who`` was shown them. Raises
    NotFound, Erased, or Unavailable while intake does not answer."""
    url = f"{intake.rstrip('/')}/vault/cases/{quote(case, safe=':')}/words"
    query: dict[str, Any] = {"purpose": purpose, "for": who}
    try:
        answer = await http.get(url, params=query)
        if answer.status_code == NotFound.status:
            raise NotFound(f"intake keeps nothing that was reported on {case}")
        if answer.status_code == Erased.status:
            raise Erased("what was reported was erased: its key is destroyed")
        return Said.model_validate_json(answer.raise_for_status().content)
    except (httpx.HTTPError, ValidationError):
        raise Unavailable(AWAY) from None
