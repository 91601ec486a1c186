"""I1 and I2 within a service: what must follow an event is there, and nothing that follows none."""

from collections.abc import Sequence

from service_kit.mongo import Document
from service_kit.store.codec import from_document
from service_kit.store.follow import FollowUps
from service_kit.store.scan import Outline
from service_kit.verify.report import Report, Verified


class Following:
    """``unsent`` are commits that a process has still to complete, or a take-over."""

    def __init__(self, service: Verified, unsent: set[str]) -> None:
        self._name, self._unsent = service.name, unsent
        self._table = FollowUps(service.name, service.follow_ups)
        self._due: dict[tuple[str, str], str] = {}

    def look(self, documents: Sequence[Document]) -> None:
        """Take in what must follow these commits."""
        if not self._table:
            return
        for document in documents:
            for work in self._table.after(from_document(document)):
                self._due[(work.handler, work.cause)] = document["_id"]

    def check(self, seen: Outline, report: Report) -> None:
        """Against what there is; what follows may have come since the outline was made, which
        then is found when it is looked at again."""
        report.counts["followed"] += len(self._due)
        for (handler, cause), commit in self._due.items():
            if (handler, cause) not in seen.causes and commit not in self._unsent:
                report.add("I1", self._name, f"{commit} was not followed by {handler}")
        for handler, cause in seen.causes - self._due.keys():
            if handler in self._table.names:
                report.add("I2", self._name, f"{handler} follows {cause}, which is nowhere")
