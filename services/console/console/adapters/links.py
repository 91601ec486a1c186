"""Proposed links (疑似重复) and a person's word on them, asked of intake with their own token."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from pydantic import TypeAdapter

from console.adapters.asking import JSON, Peer, Refusal
from console.views.beside_told import Report
from console.views.links_told import Linked, Made, Outlook, Proposed, Unlinked

PAGE, AT_ONCE, MOST_PAGES = 50, 500, 20
_PROPOSED, _MADE = TypeAdapter(list[Proposed]), TypeAdapter(list[Made])


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

    async def made(self, start: datetime, end: datetime, by: str) -> list[Made]:
        """The links made in ``[start, end)``, the newest first; with ``by`` only the machine's or
        only people's. Intake tells them by days of UTC."""
        days = await asyncio.gather(*(self._made_on(day, by) for day in _days(start, end)))
        found = [each for day in days for each in day if start <= each.linked_at < end]
        return sorted(found, key=lambda each: each.linked_at, reverse=True)

    async def linked(self, report: str) -> Linked:
        """Raises Refusal ``not_linked`` where it belongs to no case but its own."""
        answer = await self.intake.ask("GET", f"/reports/{report}")
        found = Linked.model_validate_json(answer.content)
        if found.link is None:
            raise Refusal(409, "not_linked")
        return found

    async def unlink(self, report: str) -> Unlinked:
        return Unlinked.model_validate_json(await self._say(report, "unlink", {}))

    async def _made_on(self, day: date, by: str) -> list[Made]:
        found: list[Made] = []
        for page in range(MOST_PAGES):
            query = {"day": day.isoformat(), "limit": AT_ONCE, "skip": page * AT_ONCE}
            query |= {"made_by": by} if by else {}
            answer = await self.intake.ask("GET", "/links", params=query)
            found += (more := _MADE.validate_json(answer.content))
            if len(more) < AT_ONCE:
                break
        return found

    async def _proposed(self, limit: int, after: str) -> list[Proposed]:
        query = {"limit": limit, "after": after}
        answer = await self.intake.ask("GET", "/links/proposed", params=query)
        return _PROPOSED.validate_json(answer.content)

    async def _say(self, report: str, word: str, body: dict[str, Any]) -> bytes:
        path, sent = f"/reports/{report}/{word}", orjson.dumps(body)
        return (await self.intake.ask("POST", path, content=sent, headers=JSON)).content


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """The days of UTC in which ``[start, end)`` lies."""
    day, last = start.astimezone(UTC).date(), (end - timedelta.resolution).astimezone(UTC).date()
    while day <= last:
        yield day
        day += timedelta(days=1)
