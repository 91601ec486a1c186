"""The Evidence: one photo, recording or document, and whether it is still shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import EvidenceAttached, EvidenceRemoved
from intake.domain.deciding import Deciding


class EvidenceState(BaseModel):
    """Evidence as it stands; empty until it was attached. Nothing personal is in it."""

    model_config = ConfigDict(frozen=True)

    evidence: str
    attached: EvidenceAttached | None = None
    removed_at: datetime | None = None

    @property
    def shown(self) -> bool:
        return self.attached is not None and self.removed_at is None


class EvidenceAggregate(Deciding[EvidenceState]):
    """Attached once; removed at most once."""

    kind, schema, state = "evidence", 1, EvidenceState

    def initial(self, aggregate: str) -> EvidenceState:
        return EvidenceState(evidence=aggregate)

    def evolve(self, state: EvidenceState, event: EventData) -> EvidenceState:
        if isinstance(event, EvidenceRemoved):
            return state.model_copy(update={"removed_at": event.removed_at})
        assert isinstance(event, EvidenceAttached)
        return state.model_copy(update={"attached": event})

    def fields(self, state: EvidenceState) -> Mapping[str, Any]:
        """``of`` is what it is looked up by: a reporter's belongs to the report, wherever that is
        linked to; a handler's to the case."""
        if state.attached is None:
            return {}
        return {"of": state.attached.report or state.attached.case}
