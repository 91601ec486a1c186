"""Reading what a department has sent: a command, or why it is none."""

import hashlib
import json
from typing import Any

from pydantic import TypeAdapter, ValidationError

from case_contracts.commands import COMMAND, Command
from case_contracts.values import Ref
from service_kit.ids import derived

MAX_BYTES = 64 * 1024
_REF: TypeAdapter[str] = TypeAdapter(Ref)
_SAME = {"sent_at", "traceparent"}


class Unreadable(Exception):
    """``id`` and ``name`` are given where at least these could be read: it can be answered."""

    def __init__(self, reason: str, command: str | None = None, name: str = "unknown") -> None:
        super().__init__(reason)
        self.reason, self.id, self.name = reason, command, name


def read(body: bytes) -> Command:
    """The command; raises Unreadable."""
    if len(body) > MAX_BYTES:
        raise Unreadable(f"{len(body)} bytes are more than the {MAX_BYTES} of any command")
    try:
        said: Any = json.loads(body)
    except ValueError:
        raise Unreadable("not JSON") from None
    try:
        return COMMAND.validate_python(said)
    except ValidationError as error:
        fields = sorted({".".join(map(str, e["loc"])) or "body" for e in error.errors()})
        reason = f"not a command: {', '.join(fields)[:200]}"
        raise Unreadable(reason, *_answerable(said)) from None


def _answerable(said: Any) -> tuple[str | None, str]:
    if not isinstance(said, dict):
        return None, "unknown"
    found, name = said.get("id"), said.get("name")
    return _ref(found), _ref(name) or "unknown"


def _ref(value: Any) -> str | None:
    try:
        return _REF.validate_python(value, strict=True)[:100]
    except ValidationError:
        return None


def forwarded_id(department: str, command_id: str) -> str:
    """Two departments' ids cannot clash."""
    return derived("gateway", department, command_id)


def body_hash(command: Command) -> str:
    """Equal for a repetition, which may have been sent at another time."""
    text = command.model_dump_json(exclude=_SAME)
    return hashlib.sha256(text.encode()).hexdigest()
