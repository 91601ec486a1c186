"""Proposed links (疑似重复) and a person's word on them, asked of intake with their own token."""

from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from console.adapters.asking import JSON, Peer, Refusal
from console.views.beside_told import Report
from console.views.links_told import Outlook, Proposed

PAGE, AT_ONCE, MOST_PAGES = 50, 500, 20
_PROPOSED = TypeAdapter(list[Proposed])


@dataclass(frozen=True)
class Links:
    """Every method raises Refusal."""

    intake: Peer

    async def queue(self, after: str) -> tuple[list[Proposed], str]:
        """A page, and the last report of it where more follow."""
        found = await self._proposed(PAGE + 1, after)
        page = found[:PAGE]
        return page, page[-1].report if len(found) > PAGE else ""

    async def one(self, report: str) -> Proposed:
        """Raises Refusal ``not_proposed`` where nothing waits to be decided."""
        after = ""
        for _ in range(MOST_PAGES):
            found = await self._proposed(AT_ONCE, after)
            for each in found:
                if each.report == report:
                    return each
            if len(found) < AT_ONCE:
                break
            after = found[-1].report
        raise Refusal(404, "not_proposed")

    async def report(self, report: str) -> Report:
        answer = await self.intake.ask("GET", f"/reports/{report}")
        return Report.model_validate_json(answer.content)

    async def outlook(self, report: str, case: str) -> Outlook:
        """Nothing is changed."""
        sent = {"case": case, "dry_run": True}
        return Outlook.model_validate_json(await self._say(report, "link", sent))

    async def link(self, report: str, case: str) -> None:
        await self._say(report, "link", {"case": case})

    async def decline(self, report: str, case: str) -> None:
        await self._say(report, "decline", {"case": case})

    async def _proposed(self, limit: int, after: str) -> list[Proposed]:
        query = {"limit": limit, "after": after}
        answer = await self.intake.ask("GET", "/links/proposed", params=query)
        return _PROPOSED.validate_json(answer.content)

    async def _say(self, report: str, word: str, body: dict[str, Any]) -> bytes:
        path, sent = f"/reports/{report}/{word}", orjson.dumps(body)
        return (await self.intake.ask("POST", path, content=sent, headers=JSON)).content
