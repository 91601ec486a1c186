"""Every operation of a service's OpenAPI, tried by every role: with what the documentation gives
as an example, and with much that schemathesis makes up from the schemas.

What may not come is a server error, an undocumented status, or an answer that is not as
documented; and each operation must have succeeded at least once.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import booleans
from schemathesis import APIOperation, Case, Response, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ANSWERED_SECONDS = 60.0
"""So long an answer is waited for: the 10 s of schemathesis are too few on a crowded machine."""
EACH = int(os.environ.get("CIVICGRID_FUZZ_EACH", "3"))
NUMBER = int(os.environ.get("CIVICGRID_FUZZ_SEED", "20261125"))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = (
    "image/jpeg", "image/png", "image/webp", "image/heic", "audio/mpeg", "audio/mp4", "audio/ogg",
    "audio/wav", "audio/webm", "video/mp4", "video/quicktime", "video/webm", "application/pdf",
)  # fmt: skip
Headers = Mapping[str, str]
Operation = APIOperation[Any, Any, Any, Any]
Made = Case[Any]


@schemathesis.serializer("text/csv", "application/x-ndjson", XLSX, *MEDIA)
def as_it_is(context: SerializationContext, value: Any) -> bytes:
    """Files are sent as they are, and whatever is made up in their place as its text."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass(frozen=True)
class Seed:
    """A request that must succeed, where the documented example alone does not make one."""

    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    role: str | None = None
    media_type: str | None = None


@dataclass
class Tried:
    """``succeeded`` counts 2xx answers by operation, ``sent`` all requests, ``wrong`` what was not
    as documented, ``refused`` what was given to succeed and did not."""

    operations: tuple[str, ...]
    succeeded: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def never(self) -> list[str]:
        return [label for label in self.operations if not self.succeeded[label]]

    def lines(self) -> Iterator[str]:
        yield f"{sum(self.sent.values())} requests, {len(self.operations)} operations"
        for label in self.operations:
            yield f"{self.succeeded[label]:6} of {self.sent[label]:6} succeeded: {label}"
        yield from self.refused
        yield from self.wrong


def try_all(
    url: str,
    roles: Mapping[str, Headers],
    seeds: Mapping[str, Sequence[Seed]],
    *,
    each: int = 10,
    number: int = 1,
    leave_out: frozenset[str] = frozenset(),
) -> Tried:
    """Try every operation; ``seeds`` by label (``GET /grids``), ``each`` how many requests are
    made up per operation and role, ``number`` the seed of what is made up."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    operations = [each for each in operations if each.label not in leave_out]
    tried = Tried(tuple(operation.label for operation in operations))
    for operation in operations:
        given_seeds = seeds.get(operation.label) or _plain(operation)
        for case, role in _documented(operation, given_seeds, roles):
            answer = _send(case, roles[role], url, tried)
            if operation.label in seeds and not 200 <= answer.status_code < 300:
                tried.refused.append(f"{operation.label}: {answer.text[:300]}")
    for operation in operations:
        known = [seed.path for seed in seeds.get(operation.label, ()) if seed.path]
        for headers in roles.values():
            made_up = _Making(operation, headers, url, tried, known)
            made_up.send(each, number)
    return tried


def labels(url: str) -> frozenset[str]:
    """All operations of the service, as ``GET /grids``."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    return frozenset(f.ok().label for f in schema.get_all_operations() if isinstance(f, Ok))


def _plain(operation: Operation) -> Sequence[Seed]:
    """What has no parameters in its path may be asked just so."""
    return () if "{" in operation.path else (Seed(),)


def _documented(
    operation: Operation, given_seeds: Sequence[Seed], roles: Mapping[str, Headers]
) -> Iterator[tuple[Made, str]]:
    for each in given_seeds:
        media = each.media_type or ("application/json" if each.body is not None else None)
        case = operation.Case(
            path_parameters=dict(each.path),
            query=dict(each.query),
            **({"body": each.body, "media_type": media} if each.body is not None else {}),
        )
        for role in [each.role] if each.role else roles:
            yield case, role


@dataclass
class _Making:
    """Requests made up from the schemas; every second one is about something that is there."""

    operation: Operation
    headers: Headers
    url: str
    tried: Tried
    known: Sequence[Mapping[str, Any]]

    def send(self, each: int, number: int) -> None:
        @seed(number)
        @settings(
            max_examples=each,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=self.operation.as_strategy(), there=booleans())
        def one(case: Made, there: bool) -> None:
            if there and self.known:
                case.path_parameters = dict(self.known[0])
            _send(case, self.headers, self.url, self.tried)

        one()


def _send(case: Made, headers: Headers, url: str, tried: Tried) -> Response:
    label = case.operation.label
    both = {**dict(case.headers or {}), **headers}
    response = case.call(base_url=url, headers=both, timeout=ANSWERED_SECONDS)
    tried.sent[label] += 1
    tried.succeeded[label] += 200 <= response.status_code < 300
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        found = "; ".join(" ".join(str(each).split())[:300] for each in group.exceptions)
        said = response.text[:300]
        tried.wrong.append(f"{label}: {response.status_code}: {found} | {said}")
    return response


def all_well(tried: Tried, record_property: Callable[[str, Any], None]) -> None:
    """Counts and prints what was tried; fails where anything was not as documented."""
    record_property("tried", json.dumps(list(tried.lines()), ensure_ascii=False))
    print(*tried.lines(), f"seed {NUMBER}", sep="\n")  # noqa: T201  (counted and printed)
    assert tried.refused == []
    assert tried.never == []
    assert tried.wrong == []


def held_rows(service: str) -> list[dict[str, Any]]:
    """Two messages in quarantine: one to be dropped, one to be tried again."""
    about = {
        "queue": f"{service}.events.v1", "key": "k", "body": b"{}", "event": None, "reason": "test",
        "status": "parked", "attempts": 1, "trying": False, "next_at": 4e9,
        "held_at": datetime.now(UTC),
    }  # fmt: skip
    return [{"_id": name, **about} for name in ("h-1", "h-2")]
