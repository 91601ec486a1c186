"""Evidence of the sandbox's tasks: a reporter's photo to look at, and what the department attaches.

Nothing is cleaned or looked into, as intake would; a file lives as long as the sandbox.
"""

import base64
import hashlib
import uuid
from collections import defaultdict
from dataclasses import dataclass

from case_contracts import clock
from case_contracts.events.intake import Phase
from case_contracts.inbox import Attachment
from civicgrid.sandbox.tasks import WORK, SandboxTask
from service_kit.errors import CivicError, KeyReused, NotFound

NONE = "no such evidence of this task, or no such task of yours now"
TAKEN = ("image/", "audio/", "video/", "application/pdf")
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
"""A picture of one point: the reporter's photo."""


class UnsupportedType(CivicError):
    status, code = 415, "unsupported_type"


@dataclass(frozen=True)
class File:
    attachment: Attachment
    content: bytes
    key: str


class EvidenceShelf:
    """By task; what is foreign, unknown or over looks the same."""

    def __init__(self, department: str) -> None:
        self._department = department
        self._files: defaultdict[str, dict[str, File]] = defaultdict(dict)

    def photo_of(self, taskid: str) -> Attachment:
        """A reporter's photo, with a task that is about to be given."""
        return self._put(taskid, Phase.REPORT, "image/png", DOT, "reporter").attachment

    def of(self, task: SandboxTask | None) -> list[File]:
        """All files of a task; raises NotFound where it is not the department's to work on."""
        if task is None or task.state not in WORK:
            raise NotFound(NONE)
        return list(self._files[task.item.taskid].values())

    def one(self, task: SandboxTask | None, evidence: str) -> File:
        """Raises NotFound."""
        found = (file for file in self.of(task) if file.attachment.evidence == evidence)
        file = next(found, None)
        if file is None:
            raise NotFound(NONE)
        return file

    def attach(
        self, task: SandboxTask | None, phase: Phase, media_type: str, content: bytes, key: str
    ) -> File:
        """Keep a file; the same key is the same file, and without one the same content. Raises
        NotFound, UnsupportedType, KeyReused."""
        files = self.of(task)
        assert task is not None
        key = key or hashlib.sha256(phase.encode() + content).hexdigest()
        before = next((file for file in files if file.key == key), None)
        if before is not None and before.content != content:
            raise KeyReused("the same key came before with another file")
        if not media_type.startswith(TAKEN):
            raise UnsupportedType(f"{media_type or 'a file without Content-Type'} is not taken")
        return before or self._put(task.item.taskid, phase, media_type, content, key)

    def _put(self, taskid: str, phase: Phase, media_type: str, content: bytes, key: str) -> File:
        evidence = f"evidence:{uuid.uuid4()}"
        url = f"/departments/{self._department}/tasks/{taskid}/evidence/{evidence}"
        shown = Attachment(
            evidence=evidence, phase=phase, format=media_type, taken_at=clock.now(), url=url
        )
        file = self._files[taskid][evidence] = File(shown, content, key)
        return file
