"""The Case as filed: which reports it was opened from, and what with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import CaseOpened, ReceiverReleased
from case_contracts.values import About, Versioned
from intake.domain.deciding import Deciding
from service_kit.store.model import SparesFirstView


class CaseState(BaseModel):
    """A filed case; ``reports`` is empty until it is opened. ``receiver`` answers for it until
    somebody has accepted the work."""

    model_config = ConfigDict(frozen=True)

    case: str
    reports: tuple[str, ...] = ()
    matter: str = ""
    condition: str = ""
    grid: str = ""
    located: bool = False
    standard: Versioned | None = None
    opened_at: datetime | None = None
    about: About | None = None
    receiver: str | None = None


class CaseAggregate(Deciding[CaseState], SparesFirstView):
    """Opened once; what happens to it then is dispatch's to say. Most are never changed here, nor
    looked up by anything but their id."""

    kind, schema, state = "case", 2, CaseState

    def initial(self, aggregate: str) -> CaseState:
        return CaseState(case=aggregate)

    def evolve(self, state: CaseState, event: EventData) -> CaseState:
        if isinstance(event, ReceiverReleased):
            return state.model_copy(update={"receiver": None})
        assert isinstance(event, CaseOpened)
        return CaseState(
            case=event.case,
            reports=(event.report,),
            matter=event.matter,
            condition=event.condition,
            grid=event.grid,
            located=event.located,
            standard=event.standard,
            opened_at=event.opened_at,
            about=event.about,
            receiver=event.receiver,
        )

    def fields(self, state: CaseState) -> Mapping[str, Any]:
        """``receiver`` while somebody still answers for it first: their list reads by it."""
        return {"receiver": state.receiver} if state.receiver else {}
