"""``POST /imports``: a city brings its past along, as recorded."""

import asyncio
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from case_contracts.events.intake import Recorded
from intake.api.schemas import ImportLine, LineResult
from intake.api.taking import take
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import KeyReused
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.runtime import Runtime

MAX_LINES = 500
router = APIRouter(tags=["imports"])


class Import(BaseModel):
    """Up to 500 lines, each a report with its ``ref`` and ``reported_at`` (see ImportLine)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "lines": [
                        {
                            "ref": "101001234567",
                            "reported_at": "2015-04-01T09:00:00-04:00",
                            "matter": "event/street/pothole",
                            "point": {"lon": -71.06, "lat": 42.35},
                            "recorded": {"closed_at": "2015-04-02T10:00:00-04:00"},
                        }
                    ]
                }
            ]
        },
    )

    lines: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MAX_LINES)]


@router.post("/imports")
async def post_import(
    request: Request, body: Import, caller: Annotated[Principal, Depends(needs("history.import"))]
) -> list[LineResult]:
    """Take each line by itself; one result per line, in order. Sent again, nothing is doubled.

    The events of history occurred when it was recorded; nobody is told of it.
    """
    runtime: Runtime = request.app.state.runtime
    return list(await asyncio.gather(*(_line(runtime, caller, line) for line in body.lines)))


async def _line(runtime: Runtime, caller: Principal, content: dict[str, Any]) -> LineResult:
    named = content.get("ref")
    ref = named if isinstance(named, str) else None
    try:
        line = ImportLine.model_validate(content)
        if line.reported_at > clock.now():
            return _invalid(ref, "reported_at: lies in the future")
        return await _taken(runtime, caller, line, content)
    except ValidationError as error:
        return _invalid(ref, _said(error))
    except KeyReused:
        return _invalid(ref, "ref: was imported before with another content")


async def _taken(
    runtime: Runtime, caller: Principal, line: ImportLine, content: dict[str, Any]
) -> LineResult:
    cause = derived("import", line.ref)
    body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    taken = await take(runtime, caller, line, cause, body, line.recorded or Recorded())
    return LineResult(
        ref=line.ref,
        status="rejected" if taken.reason else "received",
        repeated=taken.repeated,
        report=taken.report,
        case=taken.case,
        reason=taken.reason,
    )


def _invalid(ref: str | None, problem: str) -> LineResult:
    return LineResult(ref=ref, status="invalid", problem=problem)


def _said(error: ValidationError) -> str:
    """Field and message, never the value: it may be somebody's words."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}"
        for e in error.errors(include_url=False, include_context=False, include_input=False)
    )
