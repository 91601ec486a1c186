"""A district small enough to keep in one's head: d > c > u1, u2; departments um, wa and mr."""

from datetime import UTC, datetime, timedelta
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.intake import CaseOpened
from case_contracts.events.registry import (
    CalendarPublished,
    CharterGranted,
    CharterRevoked,
    GridPublished,
    MatterAdmitted,
    PostingStarted,
    StandardPublished,
)
from dispatch.commands.aggregate import CaseAggregate
from dispatch.domain import world as w
from dispatch.domain.admissions import build_admissions
from dispatch.domain.state import CaseState
from service_kit.charters import build_charters
from service_kit.ids import derived
from service_kit.postings import build_postings
from service_kit.store import Actor, Context, Decision, Occurred
from tests.unit.dispatch.rows import strays

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
FROM = datetime(2020, 1, 1, tzinfo=UTC)
PATHS = {"d": (), "c": ("d",), "u1": ("d", "c"), "u2": ("d", "c")}
MANHOLE, LITTER, QUARREL, IDLE = (
    "part/utilities/manhole-cover",
    "event/appearance/litter",
    "dispute/neighbours/noise",
    "inquiry/service/question",
)


def standard() -> StandardPublished:
    def matter(code: str, handle: dict[str, Any] | None, evidence: list[str]) -> dict[str, Any]:
        names = {"zh": code, "en": code}
        return {
            "code": code,
            "matter_class": code.split("/")[0],
            "name": names,
            "conditions": [
                {
                    "code": "seen",
                    "name": names,
                    "handle": handle,
                    "verify": {"amount": 4, "unit": "working_hours"},
                    "closing": names,
                    "evidence": evidence,
                }
            ],
        }

    return StandardPublished.model_validate(
        {
            "standard": "s",
            "version": 1,
            "calendar": {"id": "cal", "version": 1},
            "valid_from": FROM,
            "matters": [
                matter(MANHOLE, {"amount": 8, "unit": "working_hours"}, ["photo-after"]),
                matter(LITTER, {"amount": 2, "unit": "hours"}, []),
                matter(QUARREL, {"amount": 3, "unit": "working_days"}, []),
                matter(IDLE, None, []),
            ],
        }
    )


def _calendar() -> CalendarPublished:
    hours = [{"start": "08:00", "end": "12:00"}, {"start": "14:00", "end": "18:00"}]
    return CalendarPublished.model_validate(
        {
            "calendar": "cal",
            "version": 1,
            "zone": "Asia/Shanghai",
            "weekdays": {str(day): hours for day in range(1, 6)},
            "valid_from": FROM,
        }
    )


def charter(name: str, department: str, matters: str, grid: str = "d") -> CharterGranted:
    return CharterGranted(
        charter=f"charter:{name}",
        version=1,
        department=department,
        matters=(matters,),
        grid=grid,
        role="lead",
        powers=("repair",),
        legal_basis="list of powers",
        approved_by=("p-1", "p-2"),
        valid_from=FROM,
    )


def post(person: str, role: str, grid: str) -> PostingStarted:
    return PostingStarted(
        posting=f"posting:{grid}:{person}",
        person=person,
        role=role,
        grid=grid,
        accountable=True,
        valid_from=FROM,
    )


def grid(code: str) -> GridPublished:
    path = PATHS[code]
    names = {"zh": code, "en": code}
    return GridPublished.model_validate(
        {
            "grid": code,
            "level": "x",
            "parent": path[-1] if path else None,
            "path": path,
            "name": names,
            "geometry": {"type": "Polygon", "coordinates": []},
            "valid_from": FROM,
        }
    )


CHARTERS = (
    charter("um", "um", "part/*"),
    charter("wa", "wa", "part/*", "u2"),
    charter("mr", "mr", "event/market/*"),
)
POSTINGS = (
    post("p-w1", "worker", "u1"),
    post("p-w2", "worker", "u2"),
    post("p-lead", "leader", "c"),
    post("p-boss", "leader", "d"),
)
ADMITTED = MatterAdmitted(matter=LITTER, proposed_by="um", reviewed_by="p-2", valid_from=FROM)


def registry_events() -> list[EventData]:
    """All that the registry has published about this district."""
    return [_calendar(), standard(), *map(grid, PATHS), *CHARTERS, *POSTINGS, ADMITTED]


def world(*revoked: CharterRevoked) -> w.World:
    return w.World(
        standards=w.build_standards([standard()]),
        calendars=w.build_calendars([_calendar()]),
        charters=build_charters([*CHARTERS, *revoked]),
        postings=build_postings(POSTINGS),
        admissions=build_admissions([ADMITTED]),
        paths=PATHS,
        policy=w.Policy(),
    )


def filed(case: str = "case:1", **change: Any) -> CaseOpened:
    content = {
        **CaseOpened.EXAMPLE,
        "case": case,
        "matter": MANHOLE,
        "condition": "seen",
        "grid": "u1",
        "grid_path": ["d", "c"],
        "standard": {"id": "s", "version": 1},
        "reported_at": START,
        "opened_at": START,
        **change,
    }
    return CaseOpened.model_validate(content)


class Desk:
    """Plays one case: each ``do`` is one commit. Time stands still unless moved."""

    def __init__(self, case: str = "case:1") -> None:
        self.aggregate, self.state = CaseAggregate(), CaseState(case=case)
        self.now, self.world, self.steps = START, world(), 0
        self.happened: list[EventData] = []

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def do(self, command: object) -> list[str]:
        """The names of the events that the command causes; none goes beyond its rows."""
        self.steps += 1
        decision: Decision = self.aggregate.decide(self.state, command, self._context())
        events = [d.data if isinstance(d, Occurred) else d for d in decision]
        before = self.state
        for event in events:
            self.state = self.aggregate.evolve(self.state, event)
        assert not (beyond := strays(command, before, self.state, events)), "\n".join(beyond)
        self.happened += events
        return [event.SPEC.name for event in events]

    def last(self, kind: type[EventData]) -> Any:
        return next(e for e in reversed(self.happened) if isinstance(e, kind))

    def _context(self) -> Context:
        cause = str(self.steps)

        def new_id(noun: str) -> str:
            return f"{noun}:{derived(noun, cause)}"

        return Context(self.now, new_id, self.world, cause, cause, Actor("test"))
