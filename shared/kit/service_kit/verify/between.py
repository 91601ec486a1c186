"""I1 and I3 between services: what was published and not handled, or handled and is gone."""

from collections.abc import AsyncIterator, Mapping, Sequence

from case_contracts.envelope import Envelope, source_of
from case_contracts.upcast import readable_types
from service_kit.events.numbered import Numbered
from service_kit.events.subscriptions import Command, Mirror, Subscription, Subscriptions
from service_kit.events.traces import Published, Traces
from service_kit.store.codec import envelope_dict
from service_kit.store.commits import Commits
from service_kit.store.model import Commit
from service_kit.store.scan import Outline, outline
from service_kit.verify.report import Report, Verified

PAGE = 100


class Between:
    """One subscriber against every owner of what it listens to."""

    def __init__(
        self,
        service: Verified,
        subscriptions: Subscriptions,
        owners: Sequence[Verified],
        outlines: Mapping[str, Outline],
        district: str,
    ) -> None:
        self._service, self._subscriptions = service, subscriptions
        self._owners, self._outlines, self._district = owners, outlines, district

    async def check(self, report: Report) -> None:
        lost = await self._lost(report)
        report.counts["unhandled"] += len(lost)
        if len(lost) > self._service.queued:
            what = f"{len(lost)} events were published and not handled: {', '.join(lost[:3])}"
            report.add("I1", self._service.name, what)
        for entry in self._subscriptions.entries:
            await self._cut(entry, report)

    async def _lost(self, report: Report) -> list[str]:
        """Event ids up to the watermarks, or noted by a take-over, of which there is no trace."""
        first = await self._service.database["meta"].find_one({"_id": "first_start"})
        since = first["at"].timestamp() if first else 0.0
        traces = Traces(self._service.database, self._subscriptions, since)
        lost: list[str] = []
        for owner in self._owners:
            async for commits in _published(owner):
                lost += await self._of(owner, commits, traces, report)
        return lost

    async def _of(
        self, owner: Verified, commits: Sequence[Commit], traces: Traces, report: Report
    ) -> list[str]:
        wanted = set(self._subscriptions.readable)
        events = {e.id: (e, c) for c in commits for e in c.events if e.type in wanted}
        published = [Published(e.id, e.type, c.at.timestamp()) for e, c in events.values()]
        report.counts["deliveries"] += len(published)
        source = source_of(self._district, owner.name)
        lost: list[str] = []
        for event_id in sorted(await traces.without(published)):
            raw = envelope_dict(*events[event_id], self._district, source)
            if await traces.lacks(Envelope.model_validate(raw)):
                lost.append(event_id)
        return lost

    async def _cut(self, entry: Subscription, report: Report) -> None:
        """A cut tail of the owner's commits shows in what others have handled of it."""
        sharing = [e for e in self._subscriptions.entries if _place(e) == _place(entry)]
        owners = {e.event.SPEC.owner for e in sharing}
        if isinstance(entry, Numbered) or not owners <= self._outlines.keys():
            return
        gone = await self._known(entry) - _stored(sharing, self._outlines)
        if gone:  # or published since the outlines were made
            fresh = {o.name: await outline(o.database) for o in self._owners if o.name in owners}
            gone -= _stored(sharing, fresh)
        if gone:
            what = f"{len(gone)} events handled in {_place(entry)} are gone at {sorted(owners)}"
            report.add("I3", self._service.name, what)

    async def _known(self, entry: Subscription) -> set[str]:
        if isinstance(entry, Command):
            causes = self._outlines[self._service.name].causes
            return {cause for handler, cause in causes if handler == entry.name}
        field = "event_id" if isinstance(entry, Mirror) else "_id"
        rows = self._service.database[entry.collection].find({}, {field: 1})
        return {d[field] async for d in rows}


def _stored(entries: Sequence[Subscription], outlines: Mapping[str, Outline]) -> set[str]:
    stored: set[str] = set()
    for entry in entries:
        spec = entry.event.SPEC
        for event_type in readable_types(spec.type):
            stored |= outlines[spec.owner].events.get(event_type, set())
    return stored


def _place(entry: Subscription) -> str:
    return entry.name if isinstance(entry, Command) else entry.collection


async def _published(owner: Verified) -> AsyncIterator[Sequence[Commit]]:
    commits = Commits(owner.database)
    async for writer in owner.database["writers"].find({}):
        for first in range(1, writer["sent"] + 1, PAGE):
            last = min(first + PAGE - 1, writer["sent"])
            yield await commits.of_writer(writer["_id"], first, last)
        if writer["noted"]:
            yield list((await commits.by_ids(writer["noted"])).values())
