"""Golden files: what was released, kept for ever.

``golden/<type>.json`` is a whole event with every field, ``golden/<type>.least.json`` one with
only those that a writer must give. ``meaning/<file>.as.v<n>.json`` is what the payload means in
the terms of version n. ``SHA256SUMS`` (for ``sha256sum -c``) grows and is never edited.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from case_contracts.catalogue import parse
from case_contracts.envelope import Envelope
from case_contracts.events.base import EventSpec
from case_contracts.generate.schemas import envelope_example

Json = dict[str, Any]
HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
MEANING = HERE / "meaning"
SUMS = HERE / "SHA256SUMS"


def read(path: Path) -> Json:
    document: Json = json.loads(path.read_text("utf-8"))
    return document


def text_of(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def goldens() -> list[Path]:
    return sorted(GOLDEN.glob("*.json"))


def meaning_of(golden: Path) -> Json:
    """What a reader of today understands from a golden file."""
    return Envelope.model_validate(read(golden)).payload().model_dump(mode="json")


def meaning_path(golden: Path) -> Path:
    """Where the meaning in the newest version's terms is kept."""
    envelope = Envelope.model_validate(read(golden))
    return MEANING / f"{golden.stem}.as.v{envelope.payload().SPEC.version}.json"


def in_utc(value: Any) -> Any:
    """A JSON value with every time in UTC, as it is sent."""
    if isinstance(value, dict):
        return {key: in_utc(item) for key, item in value.items()}
    if isinstance(value, list):
        return [in_utc(item) for item in value]
    return _time_in_utc(value) if isinstance(value, str) else value


def _time_in_utc(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if moment.tzinfo is None else moment.astimezone(UTC).isoformat()[:-6] + "Z"


def documents(spec: EventSpec) -> dict[str, Json]:
    """File name to event, for a type that is being released."""
    whole = envelope_example(spec)
    sent = in_utc(parse(spec.type, whole["data"]).model_dump(mode="json"))
    needed = {name for name, info in spec.model.model_fields.items() if info.is_required()}
    least = {name: value for name, value in sent.items() if name in needed}
    return {
        f"{spec.type}.json": {**whole, "data": sent},
        f"{spec.type}.least.json": {**whole, "data": least},
    }


def sum_line(path: Path) -> str:
    """One line of SHA256SUMS."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{digest}  {path.relative_to(HERE).as_posix()}"


def sum_lines() -> list[str]:
    return SUMS.read_text("ascii").splitlines() if SUMS.exists() else []


def listed() -> set[str]:
    """The names in SHA256SUMS."""
    return {line.split("  ", 1)[1] for line in sum_lines()}


def seal_of(lines: list[str]) -> str:
    """The hash that stands for these lines of SHA256SUMS."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
