"""The gateway, asked by a person of a department: its inbox, its commands, its evidence."""

from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import TypeAdapter

from case_contracts.inbox import INBOX_ITEM, Attachment, InboxItem
from console.adapters.asking import JSON, Peer
from console.adapters.intake import File

_ATTACHMENTS = TypeAdapter(list[Attachment])
PAGE = 100


@dataclass(frozen=True)
class Gateway:
    """Every method raises Refusal; 404 where the department is not this person's."""

    peer: Peer
    department: str

    async def inbox(self, after: int, wait: float = 0) -> list[InboxItem]:
        """At most a hundred items behind that cursor; ``wait`` in seconds for the first."""
        query = {"after": after, "limit": PAGE, "wait": wait}
        answer = await self.peer.ask("GET", self._path("/inbox"), params=query)
        return [INBOX_ITEM.validate_python(each) for each in answer.json()["items"]]

    async def say(self, command: dict[str, Any]) -> None:
        """Hand a command in; its answer comes in the inbox."""
        sent = orjson.dumps(command)
        await self.peer.ask("POST", self._path("/commands"), content=sent, headers=JSON)

    async def attachments(self, taskid: str) -> tuple[list[Attachment], int]:
        """What there is now, and how many more are withheld."""
        answer = (await self.peer.ask("GET", self._path(f"/tasks/{taskid}/evidence"))).json()
        return _ATTACHMENTS.validate_python(answer["attachments"]), int(answer["withheld"])

    async def file(self, taskid: str, evidence: str) -> File:
        path = self._path(f"/tasks/{taskid}/evidence/{evidence}")
        answer = await self.peer.ask("GET", path, timeout=60)
        return File(answer.content, answer.headers.get("content-type", ""))

    async def attach(self, taskid: str, photo: File, key: str) -> str:
        """The id of a photo of the finished work; ``key``: sent again it is the same."""
        answer = await self.peer.ask(
            "POST", self._path(f"/tasks/{taskid}/evidence"), params={"phase": "after"},
            content=photo.data, timeout=60,
            headers={"Content-Type": photo.kind, "Idempotency-Key": key},
        )  # fmt: skip
        return str(answer.json()["evidence"])

    def _path(self, below: str) -> str:
        return f"/departments/{self.department}{below}"
