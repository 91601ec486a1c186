"""I1 and I2 within a service: what must follow an event is there, and nothing that follows none."""

from collections.abc import Sequence

from service_kit.mongo import Document
from service_kit.store.codec import from_document
from service_kit.store.follow import FollowUps
from service_kit.store.kept import KeptRows, by_collection
from service_kit.store.scan import Outline
from service_kit.verify.report import Report, Verified


class Following:
    """``unsent`` are commits that a process has still to complete, or a take-over."""

    def __init__(self, service: Verified, unsent: set[str]) -> None:
        self._service, self._unsent = service, unsent
        self._table = FollowUps(service.name, service.follow_ups)
        self._rows = KeptRows(service.kept)
        self._due: dict[tuple[str, str], str] = {}
        self._kept: list[tuple[str, Document]] = []

    def look(self, documents: Sequence[Document]) -> None:
        """Take in what must follow these commits, and what must be kept of them."""
        if not self._table and not self._rows:
            return
        for document in documents:
            commit = from_document(document)
            for work in self._table.after(commit):
                self._due[(work.handler, work.cause)] = commit.id
            if commit.id not in self._unsent:
                self._kept += self._rows.of(commit)

    async def check(self, seen: Outline, report: Report) -> None:
        """Against what there is; what follows may have come since the outline was made, which
        then is found when it is looked at again."""
        report.counts["followed"] += len(self._due)
        for (handler, cause), commit in self._due.items():
            if (handler, cause) not in seen.causes and commit not in self._unsent:
                report.add("I1", self._service.name, f"{commit} was not followed by {handler}")
        for handler, cause in seen.causes - self._due.keys():
            if handler in self._table.names:
                what = f"{handler} follows {cause}, which is nowhere"
                report.add("I2", self._service.name, what)
        missing = await self._rows.missing(self._service.database, self._kept)
        for collection, rows in by_collection(missing).items():
            events = sorted(row["_id"] for row in rows)
            what = f"{collection} lacks {len(events)} events: {', '.join(events[:3])}"
            report.add("I1", self._service.name, what)
