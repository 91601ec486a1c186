"""What a supervisor has merged at dispatch: the reports of the one case go to the other."""

from datetime import timedelta

import structlog

from intake.adapters.vault import Vault
from intake.api.beside import reporter
from intake.commands.link_report import LinkReport
from intake.domain.report import ReportState
from intake.views import links
from service_kit import clock
from service_kit.errors import CivicError
from service_kit.ids import derived
from service_kit.mongo import Document
from service_kit.runtime import Runtime
from service_kit.store import Actor, Work

log = structlog.get_logger()
LOOKED_BACK = timedelta(hours=24)
"""Older wishes were followed, or refused, long ago."""


async def follow(runtime: Runtime) -> None:
    """Link the reports of every case that was to be merged, as far as they are there still."""
    now = clock.now()
    for wish in await links.mergings(runtime.database, now - LOOKED_BACK, now):
        if not await links.still_open(runtime.database, [wish["into"]]):
            continue  # nobody deals with it any longer: the reports stay where they are dealt with
        behind = await links.reports_of(runtime.database, [wish["case"]])
        staying = [r for r in behind.get(wish["case"], []) if r.withdrawn_at is None]
        for number, report in enumerate(staying, start=1):
            await _link(runtime, wish, report, last=number == len(staying))


async def _link(runtime: Runtime, wish: Document, report: ReportState, *, last: bool) -> None:
    """In the name of the supervisor; the last one empties its case."""
    vault: Vault = runtime.extras["vault"]
    entry = (await vault.of_reports([report.report])).get(report.report)
    command = LinkReport(
        wish["into"],
        wish["by"],
        empties=wish["case"] if last else None,
        reporter=reporter(entry.contact, wish["into"], vault) if entry else None,
    )
    cause = derived("merge", wish["case"], wish["into"], report.report)
    actor = Actor(wish["by"], "staff", purpose="merging")
    work = Work(report.report, "intake.follow-merging", cause, command, actor)
    try:
        await runtime.committer.submit(work)
    except CivicError as error:
        if error.retry:
            raise
        log.warning("not_merged", report=report.report, code=error.code)
