"""The invariants of quality.md over the databases of running services: I1, I2, I3 and I5.

Read only. A running system is always a moment behind itself: whatever looks wrong is looked at
again after ``settle_seconds``, and only what is still wrong is reported.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from service_kit.mongo import Database, Document
from service_kit.store.chain import chain_errors
from service_kit.store.codec import from_document
from service_kit.store.commits import Commits, fold
from service_kit.store.model import Aggregate, Loaded
from service_kit.store.scan import Outline, chains, outline
from service_kit.store.views import needs_view, view_document
from service_kit.verify.between import Between
from service_kit.verify.following import Following
from service_kit.verify.report import Report, Verified

SETTLE_SECONDS = 2.0


async def verify(
    services: Sequence[Verified],
    *,
    district: str,
    allowed_held: int = 0,
    settle_seconds: float = SETTLE_SECONDS,
) -> Report:
    """Look at these services, whole, and at what each has handled of the others' events."""
    report = await _verify(services, district, allowed_held)
    if report.violations:
        await asyncio.sleep(settle_seconds)
        again = await _verify(services, district, allowed_held)
        again.violations = [v for v in again.violations if v in report.violations]
        return again
    return report


async def _verify(services: Sequence[Verified], district: str, allowed_held: int) -> Report:
    report = Report()
    outlines = {s.name: await outline(s.database) for s in services}
    for service in services:
        seen = outlines[service.name]
        following = Following(service, await _writers(service, seen, report))
        await _aggregates(service, seen, following, report)
        await following.check(seen, report)
        await _queues(service, allowed_held, report)
    for subscriber in services:
        if subscriber.subscriptions is not None:
            between = Between(subscriber, subscriber.subscriptions, services, outlines, district)
            await between.check(report)
    return report


async def _writers(service: Verified, seen: Outline, report: Report) -> set[str]:
    """I1: nothing above the watermark of a writer that nobody looks after any more. Gives what is
    above the others'."""
    unsent: set[str] = set()
    writers = {d["_id"]: d async for d in service.database["writers"].find({})}
    report.counts["writers"] += len(writers)
    for name, batches in seen.batches.items():
        writer = writers.get(name)
        if writer is None:
            report.add("I1", service.name, f"commits of {name}, which is no writer")
            continue
        noted = set(writer["noted"])
        above = {i for n, ids in batches.items() if n > writer["sent"] for i in ids} - noted
        report.counts[f"unsent_{writer['phase']}"] += len(above)
        if above and writer["phase"] == "closed":
            report.add("I1", service.name, f"{len(above)} commits above closed {name}")
        unsent |= above
    return unsent


async def _aggregates(
    service: Verified, seen: Outline, following: Following, report: Report
) -> None:
    """I2 and I3: one effect per cause, whole chains, states that are the fold of their events."""
    report.counts["commits"] += seen.commits
    report.counts["aggregates"] += len(seen.versions)
    for handler, cause in seen.repeated:
        report.add("I2", service.name, f"{handler} had two effects for {cause}")
    for batch in seen.misfiled:
        report.add("I2", service.name, f"{batch} is not filed under what its commits say")
    kinds = {aggregate.kind: aggregate for aggregate in service.aggregates}
    async for name, documents in chains(service.database, seen.versions):
        kind = kinds.get(name.split(":", 1)[0])
        view = await service.database[f"view_{kind.kind}"].find_one({"_id": name}) if kind else None
        if seen.counts[name] > len(documents):
            what = f"{seen.counts[name]} commits for {len(documents)} versions"
            report.add("I3", service.name, f"{name}: {what}")
        version, head = (view["version"], view["head"]) if view else (None, None)
        if version is not None and version > seen.versions[name]:
            documents += await _later(service.database, name, seen.versions[name])
        errors = chain_errors(documents, version=version, head=head)
        for error in errors:
            report.add("I3", service.name, f"{name}: {error}")
        following.look(documents)
        if kind is not None and not errors:
            _state(service.name, kind, name, documents, view, report)
        report.counts["events"] += sum(len(d["events"]) for d in documents)


async def _later(database: Database, name: str, version: int) -> list[Document]:
    """Commits that came after the outline was made."""
    commits = Commits(database)
    ids = [commit.id for commit in await commits.newer(name, version)]
    found = await commits.documents(ids)
    return [found[each] for each in ids]


def _state(
    service: str,
    aggregate: Aggregate[Any],
    name: str,
    documents: Sequence[Document],
    view: Document | None,
    report: Report,
) -> None:
    loaded: Loaded[Any] = Loaded(name, aggregate.initial(name))
    fold(aggregate, loaded, map(from_document, documents))
    folded = view_document(aggregate, loaded)
    report.counts["states"] += 1
    if view is None:
        if needs_view(aggregate, loaded):
            report.add("I2", service, f"{name} has no view")
    elif view["schema"] == aggregate.schema and view["version"] != folded["version"]:
        report.add("I2", service, f"{name}: the view is at version {view['version']}")
    elif view["schema"] == aggregate.schema and view["state"] != folded["state"]:
        report.add("I2", service, f"{name}: the view is not the fold of its events")


async def _queues(service: Verified, allowed_held: int, report: Report) -> None:
    """I5: nothing held beyond what was meant to be, nothing parked outbound."""
    held = await service.database["held"].count_documents({})
    parked = await service.database["held"].count_documents({"status": "parked"})
    outbound = await service.database["outbound_parked"].count_documents({})
    report.counts.update(held=held, parked=parked, outbound_parked=outbound)
    report.counts["queued"] += service.queued
    if held > allowed_held:
        report.add("I5", service.name, f"{held} messages are held, {parked} of them parked")
    if outbound:
        report.add("I5", service.name, f"{outbound} events could not be published")
