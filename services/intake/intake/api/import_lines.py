"""One line of an import: read, judged, taken; and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

import orjson
import structlog
from pydantic import TypeAdapter, ValidationError

from case_contracts.events.intake import Channel, ImportKind, Recorded, Rejection
from case_contracts.values import Instant, Ref
from intake.adapters.import_store import Job
from intake.api.channels import Entrance
from intake.api.rehearsing import rehearse
from intake.api.schemas import ImportLine, Said
from intake.api.taking import Taken, take
from intake.domain.import_lines import Flaw, Line
from service_kit import clock
from service_kit.errors import CivicError, KeyReused
from service_kit.ids import derived
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime

log = structlog.get_logger()
AHEAD = timedelta(minutes=5)
"""How far a live report's time may lie in the future: clocks differ."""


class LiveLine(Said):
    """One report that opens a case now. ``ref`` is the sender's own id of it: taken once, ever.
    Nobody is named as having seen it, and it comes from the import."""

    ref: Ref
    channel: Literal[Channel.IMPORT] = Channel.IMPORT
    reported_at: Instant | None = None
    recorded: None = None


class Fate(StrEnum):
    """What became of a line; the names are those of ``Counts``."""

    OPENED = "opened"
    LINKED = "linked"
    WAITING = "waiting"
    REJECTED = "rejected"
    REPEATED = "repeated"
    BAD = "bad"


@dataclass(frozen=True)
class Judged:
    """A line's fate; with ``reason`` (and ``field``) where a person has to know."""

    number: int
    fate: Fate
    ref: str | None = None
    field: str | None = None
    reason: Flaw | Rejection | None = None


@dataclass(frozen=True)
class Rules:
    """How old a live report may be."""

    live_age: timedelta


class _Bad(Exception):
    def __init__(self, flaw: Flaw, field: str | None = None) -> None:
        self.flaw, self.field = flaw, field


async def take_line(runtime: Runtime, job: Job, line: Line, rules: Rules) -> Judged:
    """Take a line, or with ``dry_run`` say what would become of it.

    Raises only what passes: the store away, no district yet, too many at once. The same line of
    the same import taken again has the fate that it had the first time.
    """
    ref = _ref(line.content)
    if line.flaw is not None or line.content is None:
        return Judged(line.number, Fate.BAD, ref, line.field, line.flaw)
    try:
        return await _taken(runtime, job, line.number, line.content, rules)
    except _Bad as bad:
        return Judged(line.number, Fate.BAD, ref, bad.field, bad.flaw)
    except KeyReused:
        return Judged(line.number, Fate.BAD, ref, "ref", Flaw.REF_REUSED)
    except UNKNOWN_OUTCOME:
        raise
    except Exception as error:
        if isinstance(error, CivicError) and error.retry:
            raise
        log.error("import_line_not_taken", job=job.id, line=line.number, error=type(error).__name__)
        return Judged(line.number, Fate.BAD, ref, None, Flaw.NOT_TAKEN)


async def _taken(
    runtime: Runtime, job: Job, number: int, content: Mapping[str, Any], rules: Rules
) -> Judged:
    content = zoned(content, job.timezone)
    said, recorded = _read(job.kind, content, rules)
    came = Entrance(said.by, None, said.origin or job.id)
    if job.dry_run:
        taken = await rehearse(runtime, job.caller, said, came, recorded)
    else:
        body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
        cause = derived("import", said.ref)
        taken = await take(
            runtime, job.caller, said, cause, body, recorded, came=came, purpose=job.id
        )
    own_case = runtime.extras["vault"].references.case(taken.report)
    return Judged(number, _fate(taken, job, own_case), said.ref, None, taken.reason)


def _fate(taken: Taken, job: Job, own_case: str) -> Fate:
    """A line that this very import had taken before it was interrupted is no repetition."""
    if taken.repeated and taken.purpose != job.id:
        return Fate.REPEATED
    if taken.reason is not None:
        return Fate.REJECTED
    if taken.unclear is not None:
        return Fate.WAITING
    return Fate.OPENED if taken.case == own_case else Fate.LINKED


def _read(
    kind: ImportKind, content: Mapping[str, Any], rules: Rules
) -> tuple[ImportLine | LiveLine, Recorded | None]:
    try:
        if kind is ImportKind.HISTORY:
            past = ImportLine.model_validate(content)
            _check_time(past.reported_at, timedelta(0), None)
            return past, past.recorded or Recorded()
        for name in ("recorded", "by", "origin"):
            if content.get(name) is not None:
                raise _Bad(Flaw.NOT_LIVE, name)
        live = LiveLine.model_validate(content)
        if live.reported_at is not None:
            _check_time(live.reported_at, AHEAD, rules.live_age)
        return live, None
    except ValidationError as error:
        raise _bad(error) from None


def _check_time(at: datetime, ahead: timedelta, age: timedelta | None) -> None:
    now = clock.now()
    if at > now + ahead:
        raise _Bad(Flaw.FUTURE, "reported_at")
    if age is not None and at < now - age:
        raise _Bad(Flaw.TOO_OLD, "reported_at")


def zoned(content: Mapping[str, Any], timezone: str | None) -> dict[str, Any]:
    """Times without a zone get the import's; raises _Bad where it has none."""
    found = dict(content)
    found |= _at_zone(found, "reported_at", timezone, "reported_at")
    recorded = found.get("recorded")
    if isinstance(recorded, Mapping):
        found["recorded"] = {
            **recorded, **_at_zone(recorded, "closed_at", timezone, "recorded.closed_at")
        }  # fmt: skip
    return found


def _at_zone(
    content: Mapping[str, Any], name: str, timezone: str | None, field: str
) -> dict[str, str]:
    value = content.get(name)
    if not isinstance(value, str):
        return {}
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return {}  # what it is instead, validation says
    if at.tzinfo is not None:
        return {}
    if timezone is None:
        raise _Bad(Flaw.NO_ZONE, field)
    return {name: at.replace(tzinfo=ZoneInfo(timezone)).isoformat()}


def _bad(error: ValidationError) -> _Bad:
    """The first kind of mistake, with every field that has one: names of ours only, since a field
    that is not known may be anybody's word."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    flaw = _FLAWS.get(found[0]["type"], Flaw.FIELD_INVALID)
    names = [".".join(map(str, each["loc"])) for each in found if each["type"] != "extra_forbidden"]
    return _Bad(flaw, ", ".join(dict.fromkeys(filter(None, names))) or None)


_FLAWS = {"missing": Flaw.FIELD_MISSING, "extra_forbidden": Flaw.FIELD_UNKNOWN}


def _ref(content: Mapping[str, Any] | None) -> str | None:
    """The line's ref where it is one; anything else could be somebody's words."""
    named = (content or {}).get("ref")
    try:
        return _REF.validate_python(named)
    except ValidationError:
        return None


_REF: TypeAdapter[str] = TypeAdapter(Ref)
