"""Taking one visit with all that came of it, whichever door it came by."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from case_contracts.events.intake import Channel, VisitLogged
from case_contracts.values import MatterClass
from intake.api.channels import STAFF, need
from intake.api.schemas import Said
from intake.api.taking import Taken, take
from intake.api.visit_access import Scene, check_time
from intake.api.visit_schemas import CameOfIt, VisitIn, VisitReport, VisitTaken
from intake.api.visit_shown import visit_rows
from intake.commands.log_visit import LogVisit, check_visitor
from intake.domain.visit_errors import NotConsented
from intake.settings import IntakeSettings
from intake.views.progress import report_state
from service_kit.auth import Principal
from service_kit.errors import Invalid, KeyReused
from service_kit.ids import derived
from service_kit.store import Work
from service_kit.store.commits import Commits
from service_kit.telemetry.tracing import current_traceparent

HANDLER = "intake.log-visit"


async def take_visit(here: Scene, caller: Principal, body: VisitIn) -> VisitTaken:
    """Take the reports and services, keep the note, log the visit: each once by (caller, id).

    What may not be is refused before anything is taken.
    """
    check_time("visited_at", body.visited_at)
    _check_age(here, body)
    command = _command(here, caller, body)
    check_visitor(command, here.world)
    await _check(here, caller, body, command)
    cause = derived("visit", caller.id, body.id)
    digest = _digest(here, body)
    await _check_unused(here, cause, digest)
    visit = f"visit:{cause}"
    reports = await _take(here, caller, body, body.new_reports, visit, "report")
    services = await _take(here, caller, body, body.services, visit, "service")
    if body.note is not None:
        await here.room.notes.put(visit, body.note.encode())
    ids = (*body.reports, *_ids(reports))
    outcome = await here.runtime.committer.submit(
        Work(
            aggregate=visit,
            handler=HANDLER,
            cause=cause,
            command=replace(command, reports=ids, services=_ids(services)),
            actor=caller.actor(),
            traceparent=current_traceparent(),
            body_hash=digest,
        )
    )
    [shown] = await visit_rows(here, [VisitLogged.model_validate(outcome.events[0].data)])
    return VisitTaken(
        visit=shown,
        new_reports=[_came(taken) for taken in reports],
        services=[_came(taken) for taken in services],
        repeated=outcome.repeated,
    )


def _check_age(here: Scene, body: VisitIn) -> None:
    """Reports that come of it are dated by the visit: only history is older than a batch may be."""
    days = cast("IntakeSettings", here.runtime.settings).batch_days
    if body.visited_at < here.now - timedelta(days=days):
        message = f"more than {days} days ago"
        raise Invalid("visited_at: too long ago to be logged now", code="made_too_long_ago",
                      errors=[{"field": "body.visited_at", "message": message}])  # fmt: skip


def _command(here: Scene, caller: Principal, body: VisitIn) -> LogVisit:
    """Raises Invalid for a group or grid that there was not."""
    at, group = body.visited_at, None
    if body.group is not None:
        group = here.field.groups.at(body.group, at)
        if group is None:
            raise Invalid(f"there was no contact group {body.group} then", code="unknown_group")
    grid = group.grid if group else str(body.grid)
    if not here.world.grids.known(grid, at):
        raise Invalid(f"there was no grid {grid} then", code="unknown_grid")
    return LogVisit(
        person=caller.id,
        postings=here.field.postings.of(caller.id, at),
        zone=here.zone(at),
        grid=grid,
        group=group,
        entry=body.household,
        kind=body.kind,
        topics=tuple(dict.fromkeys(body.topics)),
        visited_at=at,
        point=body.point.point() if body.point else None,
        noted=body.note is not None,
    )


async def _check(here: Scene, caller: Principal, body: VisitIn, command: LogVisit) -> None:
    """What the visit says of a household and of reports must be so."""
    entry, at = body.household, body.visited_at
    if entry is not None and not await here.room.consented(entry, command.grid, at):
        raise NotConsented(
            f"the register knows of no consent of {entry} in grid {command.grid}: leave household"
            " out, or have its consent registered (registry, POST /households)",
        )
    if body.new_reports or body.services:
        need(caller, STAFF, "reports and services of a visit")
    for number, service in enumerate(body.services):
        _check_service(here, body, number, service)
    for report in body.reports:
        await _check_report(here, caller, report)


def _check_service(here: Scene, body: VisitIn, number: int, service: VisitReport) -> None:
    matters = here.world.standard_at(body.visited_at).matters
    found = matters.get(service.matter)
    if found is None or found.matter_class is not MatterClass.SERVICE:
        field = f"body.services.{number}.matter"
        message = f"{service.matter} is no service (代办) of the standard"
        raise Invalid("a service needs a matter of the class service; other matters go into"
                      " new_reports", errors=[{"field": field, "message": message}])  # fmt: skip


async def _check_report(here: Scene, caller: Principal, report: str) -> None:
    found = await report_state(here.runtime.database, report)
    said = found.said if found else None
    if said is None or caller.id not in (said.by, said.receiver):
        raise Invalid(
            f"{report} is no report of yours: send it first, or put it into new_reports",
            code="unknown_report",
        )


async def _check_unused(here: Scene, cause: str, digest: str) -> None:
    """Raises KeyReused where the id was sent with another content: before anything is taken."""
    earlier = await Commits(here.runtime.database).by_cause(HANDLER, cause)
    if earlier is not None and earlier.body_hash != digest:
        raise KeyReused("this id came before with another content: a new visit needs a new id")


async def _take(
    here: Scene, caller: Principal, body: VisitIn, reports: Sequence[VisitReport], visit: str,
    what: str,
) -> list[Taken]:  # fmt: skip
    return [
        await take(
            here.runtime,
            caller,
            Said(
                **report.model_dump(exclude_none=True),
                channel=Channel.PATROL,
                origin=visit,
                reported_at=body.visited_at,
            ),
            derived("visit", visit, what, str(number)),
            report.model_dump_json().encode(),
        )
        for number, report in enumerate(reports)
    ]


def _ids(taken: Sequence[Taken]) -> tuple[str, ...]:
    return tuple(each.report for each in taken)


def _came(taken: Taken) -> CameOfIt:
    return CameOfIt(
        report=taken.report,
        case=taken.case,
        receipt=taken.receipt,
        status="rejected" if taken.reason else "waiting" if taken.unclear else "received",
        reason=taken.reason or taken.unclear,
    )


def _digest(here: Scene, body: VisitIn) -> str:
    """Without the place: what is kept for ever must not let one try places out. And without the
    time, which is corrected anew for each batch that a device sends."""
    said = body.model_dump_json(exclude={"point", "visited_at"}).encode()
    digest: str = here.runtime.extras["vault"].references.body(said)
    return digest
