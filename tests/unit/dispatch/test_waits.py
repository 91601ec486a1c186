"""What waits beside and after the turn of a case, and until when."""

from datetime import UTC, datetime, timedelta

from case_contracts.events.dispatch import ClockKind, Colour, Trigger
from case_contracts.values import Party, PartyKind
from dispatch.domain.case_parts import Clock, Slip, Voiding
from dispatch.domain.state import CaseState, Status
from dispatch.domain.timers import desk as desk_of
from dispatch.domain.timers import next_due
from dispatch.domain.waits import waits
from dispatch.views.turn import turn
from tests.unit.dispatch.test_way_of_a_case import opened

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=8)
WATER = Party(kind=PartyKind.DEPARTMENT, id="wa")
SLIP = Slip(
    id="slip:1", colour=Colour.BLUE, trigger=Trigger.NEAR_DUE, assignment=1, to=WATER,
    leader=None, issued_at=NOW, answer_by=LATER,
)  # fmt: skip
OWED = Clock(id="answer:1", kind=ClockKind.ANSWER, party=None, started_at=NOW, limit=None,
             due_at=LATER)  # fmt: skip


def case(status: Status, **more: object) -> CaseState:
    state = CaseState(case="case:1", status=status, grid="u1", grid_path=("d", "c"))
    return state.model_copy(update=more)


def found(state: CaseState) -> list[tuple[str, str, datetime | None, str | None]]:
    return [(each.desk, each.what, each.due_at, each.ref) for each in waits(state)]


def test_an_answer_waits_until_its_limit_and_a_slip_goes_on_after_the_closing() -> None:
    closed = case(Status.CLOSED, clocks=(OWED,), slips=(SLIP,))
    slip = ("department:wa", "slip", LATER, "slip:1")
    assert found(closed) == [("answers:d", "answer", LATER, None), slip]
    referred = closed.model_copy(update={"referred": ("report:1",)})
    assert found(referred) == [("reopening:d", "reopening", None, None), slip]


def test_in_a_void_case_nothing_waits() -> None:
    asked = Voiding(by="p-1", reason="x", statement=None, requested_at=NOW)
    assert found(case(Status.VOIDED, slips=(SLIP,), voiding=asked)) == []


def test_what_happens_by_itself_is_said_in_the_order_of_time() -> None:
    desk = opened()
    shown = turn(desk.state)
    assert [(each.desk, each.what) for each in shown.waits] == [(desk_of(desk.state), "handle")]
    assert shown.coming[0].what == "acceptance"
    assert [each.at for each in shown.coming] == sorted(each.at for each in shown.coming)
    assert {"limit", "near_due"} <= {each.what for each in shown.coming}
    assert shown.coming[0].at == next_due(desk.state)
