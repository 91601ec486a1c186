"""``POST /reports``: the door for everybody who has something to report."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from case_contracts.events.intake import Channel, Recorded
from case_contracts.values import Text
from intake.api.channels import HISTORY, need
from intake.api.schemas import Accepted, Answers, ReportIn
from intake.api.taking import Taken, take
from intake.domain.labels import REJECTIONS, UNCLEAR
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Invalid
from service_kit.http.access import Caller, bearer, principal
from service_kit.http.direct import body_of, direct, header_of
from service_kit.ids import derived

LATENESS = timedelta(minutes=5)
"""How far ``reported_at`` may be from now without being history: clocks differ."""

KEY, LONGEST_KEY = "idempotency-key", 200


async def _read(request: Request) -> dict[str, Any]:
    return {
        "caller": await principal(request, await bearer(request)),
        "idempotency_key": header_of(request, KEY, LONGEST_KEY),
        "said": await body_of(request, ReportIn),
    }


router = APIRouter(tags=["reports"], route_class=direct(_read))
ANSWERS: Answers = {
    202: {"model": Accepted, "description": "Kept for good; the receipt opens its state"},
    401: {"description": "The token is bad, or this channel needs one"},
    403: {"description": "The token lacks the scope that this channel or field needs"},
    422: {"description": "Not valid, with the fields; or the key came with another body"},
    503: {"description": "No district is loaded yet, or the store is away: try again"},
}


@router.post("/reports", status_code=202, responses=ANSWERS)
async def post_report(
    request: Request,
    said: ReportIn,
    caller: Caller,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=LONGEST_KEY,
            description="Unguessable and new for each report (a UUID): sent again, it gets the"
            " same answer. Anonymous reporters share one space of keys.",
        ),
    ] = None,
) -> Response:
    """Take a report. Residents need no token for the channels web and open311."""
    recorded = _history(said, caller)
    cause = _cause(said, caller, idempotency_key)
    runtime, body = request.app.state.runtime, await request.body()
    taken = await take(runtime, caller, said, cause, body, recorded)
    accepted = Accepted(
        report=taken.report,
        case=taken.case,
        receipt=taken.receipt,
        status=_status(taken),
        reason=taken.reason,
        unclear=taken.unclear,
        message=_message(taken),
        turn_to=taken.turn_to,
    )
    return Response(accepted.model_dump_json(), 202, media_type="application/json")


def _cause(said: ReportIn, caller: Principal, key: str | None) -> str:
    """A sensor's alarm is the same one whatever key it is sent under."""
    if said.channel is Channel.SENSOR and said.alarm is not None:
        return derived("alarm", said.origin or caller.id, said.alarm)
    return derived(caller.id, "POST /reports", key) if key else str(uuid.uuid4())


def _status(taken: Taken) -> Literal["received", "waiting", "rejected"]:
    if taken.reason:
        return "rejected"
    return "waiting" if taken.unclear else "received"


def _message(taken: Taken) -> Text | None:
    if taken.reason:
        return REJECTIONS[taken.reason]
    return UNCLEAR[taken.unclear] if taken.unclear else None


def _history(said: ReportIn, caller: Principal) -> Recorded | None:
    """What makes a report history: a time in the past, or what the past says of it."""
    now = clock.now()
    at = said.reported_at or now
    if at > now + LATENESS:
        raise Invalid("reported_at lies in the future", errors=[_future(at)])
    if said.recorded is None and at >= now - LATENESS:
        return None
    need(caller, HISTORY, "recorded, or a reported_at in the past,")
    return said.recorded or Recorded()


def _future(at: datetime) -> dict[str, str]:
    return {"field": "body.reported_at", "message": f"{at.isoformat()} is in the future"}
