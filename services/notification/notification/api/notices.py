"""Notices: for staff what was told, for reporters the notices themselves."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import StringConstraints

from case_contracts.values import Ref
from notification.api.schemas import Letter, NoticeOut
from notification.domain.state import Notice
from notification.domain.texts import write
from notification.domain.world import World
from notification.mail import vault_of
from notification.settings import NotificationSettings
from notification.views import notices
from service_kit import clock, ids
from service_kit.auth import Principal
from service_kit.conflict import Conflict
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime

router = APIRouter(tags=["notices"])
Receipt = Annotated[str, StringConstraints(max_length=40)]
Reader = Annotated[Principal, Depends(needs("notices.read", "operate"))]


@router.get(
    "/notices/{report}",
    responses={401: {"description": "No valid token"}, 403: {"description": "Scope missing"},
               404: {"description": "No such report"}},
)  # fmt: skip
async def of_report(request: Request, report: Ref, caller: Reader) -> list[NoticeOut]:
    """All notices to one reporter, oldest first; not of a report that complains of the caller."""
    runtime: Runtime = request.app.state.runtime
    told = await _told(runtime, report)
    world: World = await runtime.load_world()
    conflict = Conflict(told.about, world.ties, clock.now())
    if conflict.hides_from(caller.id, caller.department):
        raise _unknown(report)
    return [NoticeOut.of(n) for n in told.notices]


@router.get(
    "/figures",
    dependencies=[Depends(needs("notices.read", "operate"))],
    responses={401: {"description": "No valid token"}, 403: {"description": "Scope missing"}},
)
async def figures(request: Request) -> dict[str, int]:
    """All notices, counted by channel and outcome: ``{"inapp.sent": 3, "email.failed": 1}``."""
    return await notices.counts(request.app.state.runtime.database)


@router.get("/inbox/{receipt}", responses={404: {"description": "No such receipt"}})
async def inbox(
    request: Request,
    receipt: Receipt,
    language: Annotated[str | None, Query(pattern="^(zh|en)$")] = None,
) -> list[Letter]:
    """The notices in the app for whoever holds the receipt, newest first. No token is needed."""
    if not ids.receipt_is_valid(receipt):
        raise NotFound("there is no such receipt")
    runtime: Runtime = request.app.state.runtime
    report = await vault_of(runtime).report_of(receipt)
    told = await _told(runtime, report)
    return _letters(told.notices, language or told.language, receipt, _public_url(runtime))


async def _told(runtime: Runtime, report: str) -> notices.Told:
    found = await notices.of_report(runtime.database, report)
    if found is None:
        raise _unknown(report)
    return found


def _unknown(report: str) -> NotFound:
    return NotFound(f"no report {report} is known here")


def _public_url(runtime: Runtime) -> str:
    assert isinstance(runtime.settings, NotificationSettings)
    return runtime.settings.public_url


def _letters(told: list[Notice], language: str, receipt: str, public_url: str) -> list[Letter]:
    found: list[Letter] = []
    for notice in reversed(told):
        if notice.channel == "inapp":
            written = write(notice.kind, language, receipt, public_url)
            found.append(
                Letter(kind=notice.kind, at=notice.at, subject=written.subject, text=written.text)
            )
    return found
