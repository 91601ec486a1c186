"""Freezing a month."""

import asyncio

from fastapi import APIRouter, Depends, Request

from assessment.api.schemas import Publication
from assessment.commands.publish_score import PublishScore, id_of
from assessment.domain.period import Period
from assessment.domain.scores import By, scores
from assessment.reading import formula, ledgers_of, period_of
from service_kit.auth import Principal
from service_kit.errors import Refused
from service_kit.http.access import needs
from service_kit.runtime import Runtime
from service_kit.store import Work

AT_ONCE = 128
KINDS: tuple[By, ...] = ("department", "grid")
publisher = needs("scores.publish")
router = APIRouter(prefix="/scores", tags=["scores"])


@router.post(
    "/{period}/publication",
    responses={401: {"description": "No valid token"}, 403: {"description": "Scope missing"},
               409: {"description": "The month is not over"}},
)  # fmt: skip
async def publish(
    request: Request, period: str, caller: Principal = Depends(publisher)
) -> Publication:
    """Freeze every department's and grid's figures of a month that is over.

    Asked again, it publishes what is missing and leaves what is frozen.
    """
    runtime: Runtime = request.app.state.runtime
    span = await period_of(runtime, period)
    if not span.over:
        raise Refused(f"{period} is not over yet", code="period_not_over")
    works = await _works(runtime, span, caller)
    done = []
    for start in range(0, len(works), AT_ONCE):
        chunk = works[start : start + AT_ONCE]
        done += await asyncio.gather(*(runtime.committer.submit(w) for w in chunk))
    fresh = sum(1 for outcome in done if outcome.events and not outcome.repeated)
    return Publication(period=period, published=fresh, before=len(done) - fresh)


async def _works(runtime: Runtime, span: Period, caller: Principal) -> list[Work]:
    ledger = await ledgers_of(runtime).since(span.start)
    works: list[Work] = []
    for by in KINDS:
        computed = await asyncio.to_thread(scores, ledger, formula(), span, by)
        for subject, figures in computed.items():
            command = PublishScore(span.name, by, subject, formula().reference, figures)
            works.append(
                Work(
                    aggregate=id_of(span.name, by, subject),
                    handler="assessment.publish-score",
                    cause=f"publication:{span.name}:{by}:{subject}",
                    command=command,
                    actor=caller.actor(),
                )
            )
    return works
