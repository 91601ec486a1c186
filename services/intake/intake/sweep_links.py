"""What intake does by itself about links: each minute it looks once more at what has come."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import structlog

from intake import merging
from intake.adapters.nearby import Neighbours
from intake.adapters.vault import Vault
from intake.api.beside import MOST_CASES, neighbours_of, reporter
from intake.commands.link_report import LinkReport
from intake.commands.propose_link import ProposeLink
from intake.domain.duplicates import Near, judge
from intake.settings import IntakeSettings
from intake.views import links
from intake.views.reports import AT_ONCE, report_states
from service_kit import clock
from service_kit.alike import Located
from service_kit.errors import Unavailable
from service_kit.ids import derived
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime
from service_kit.store import Actor, Work

log = structlog.get_logger()
SWEEP = Actor("service:intake", purpose="links")
STRAYED = timedelta(hours=1)
"""How long after a link it is looked whether its case was merged in the same moment."""


async def sweep(runtime: Runtime) -> None:
    """Every so often, for ever."""
    while True:
        assert isinstance(runtime.settings, IntakeSettings)
        await asyncio.sleep(runtime.settings.link_sweep_seconds)
        try:
            await once(runtime)
        except (Unavailable, *UNKNOWN_OUTCOME) as error:
            log.warning("link_sweep_waits", error=type(error).__name__)


async def once(runtime: Runtime) -> None:
    """One round over what has been opened, and linked, since the last."""
    neighbours = neighbours_of(runtime)
    neighbours.forget()
    left = neighbours.take_fresh()
    try:
        while left:
            await _propose(runtime, neighbours, left[:AT_ONCE])
            left = left[AT_ONCE:]
            await asyncio.sleep(0)  # thousands may have come: reports are taken meanwhile
    finally:
        neighbours.look_again(left)
    await _follow_merged(runtime)
    await merging.follow(runtime)


async def _propose(runtime: Runtime, neighbours: Neighbours, fresh: Sequence[Located]) -> None:
    """Two alike reports that came at the same moment each opened a case: a person is asked, of
    the younger one, whether it belongs to the older."""
    found = [(new, near) for new in fresh if (near := await _older(runtime, neighbours, new))]
    works = [
        Work(new.report, "intake.propose-link", derived("propose", new.report, near.case),
             ProposeLink(near), SWEEP, correlation=new.case)
        for new, near in found
    ]  # fmt: skip
    await _submit(runtime, works)


async def _older(runtime: Runtime, neighbours: Neighbours, new: Located) -> Near | None:
    rule = neighbours.rules.duplicate(new.matter)
    older = [
        each
        for each in neighbours.alike(new)[:MOST_CASES]
        if (each.older.at, each.older.case) < (new.at, new.case)
    ]
    if rule is None or not older:
        return None
    going_on = await links.still_open(
        runtime.database, [new.case, *(each.older.case for each in older)]
    )
    if new.case not in going_on:
        return None
    near = judge(new, [each for each in older if each.older.case in going_on], rule)
    return None if near is None else replace(near, certain=False)


async def _follow_merged(runtime: Runtime) -> None:
    """A report that was linked to a case in the moment in which that was merged into another goes
    where it went: no report stands behind a case that nobody deals with."""
    now = clock.now()
    made = await links.made(runtime.database, now - STRAYED, now, None)
    merged = await links.merged_into(runtime.database, sorted({each.case for each in made}))
    reports = sorted({each.report for each in made if each.case in merged})
    vault: Vault = runtime.extras["vault"]
    works = []
    for state in (await report_states(runtime.database, reports)).values():
        into = merged.get(state.case)
        if into is None or state.link is None:
            continue
        entry = (await vault.of_reports([state.report])).get(state.report)
        who = reporter(entry.contact, into, vault) if entry else None
        cause = derived("follow-merged", state.report, state.case, into)
        command = LinkReport(into, None, reporter=who)
        works.append(Work(state.report, "intake.follow-merged", cause, command, SWEEP))
    await _submit(runtime, works)


async def _submit(runtime: Runtime, works: Sequence[Work]) -> None:
    """Commit them all; what is refused is logged. Raises where the store was away: what had been
    committed is found again by its cause."""
    results = await asyncio.gather(
        *(runtime.committer.submit(work) for work in works), return_exceptions=True
    )
    for work, result in zip(works, results, strict=True):
        if isinstance(result, (Unavailable, *UNKNOWN_OUTCOME)):
            raise result
        if isinstance(result, Exception):
            log.warning("link_sweep_failed", report=work.aggregate, error=str(result))
