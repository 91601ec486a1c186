"""Dispatch as residents ask it: the words of an answer, and the figures for everybody."""

from dataclasses import dataclass

from console.adapters.asking import Peer, Refusal
from console.views.figures_told import Month


@dataclass(frozen=True)
class Dispatch(Peer):
    async def month(self, month: str) -> Month:
        """The figures for everybody, of the newest month where none is named; raises Refusal."""
        query = {"month": month} if month else {}
        return Month.model_validate_json(
            (await self.ask("GET", "/neighbourhood/figures", params=query)).content
        )

    async def answer(self, statement: str) -> str | None:
        """None where it was erased since; raises Refusal where dispatch does not answer."""
        try:
            found = await self.ask("GET", f"/answers/{statement}")
        except Refusal as refusal:
            if refusal.status in (404, 410):
                return None
            raise
        return str(found.json()["words"])
