"""Lists, filters, bulk and rulings: from forms to what dispatch takes, and from rows to pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console.domain.bulk_acts import ACTIONS, act_of, bulk_body
from console.domain.case_bodies import Unsaid
from console.domain.case_filters import Filters, filters_of
from console.domain.ruling_body import ruling_of
from console.domain.triage_body import REJECTIONS, judgement_of
from console.views.desk_shown import my_slips, rows_shown
from console.views.desk_told import Desk, Listed
from dispatch.api.bulk import Bulk
from dispatch.api.rulings import RulingIn
from intake.api.triage_schemas import Judgement

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 1, 5, 4, tzinfo=UTC)
SAID: dict[str, list[str]] = {
    "reason": ["overdue"], "limit_amount": ["2"], "limit_unit": ["days"], "into": ["case:9"],
}  # fmt: skip


def test_days_are_the_zone_s_own_and_the_last_one_is_whole() -> None:
    found = filters_of({"since": "2026-01-05", "until": "2026-01-05", "late": "yes"})
    query = found.query(ZONE, None)
    assert (query["since"], query["until"]) == (
        "2026-01-05T00:00:00+08:00", "2026-01-06T00:00:00+08:00",
    )  # fmt: skip
    assert query["late"] == "true"


def test_what_makes_no_sense_is_not_asked_for() -> None:
    sent = {"grid": "no such&grid", "status": "sleeping", "share": "none", "since": "yesterday"}
    assert filters_of(sent) == Filters()


def test_a_next_page_asks_for_the_same() -> None:
    every = Filters("410199", "works", "part/*", "closed", "over", True, date(2026, 1, 5))
    assert filters_of(every.kept()) == every


@pytest.mark.parametrize("action", ACTIONS)
def test_dispatch_takes_what_is_done_to_many(action: Any) -> None:
    reasons = next(f for f in act_of(action).fields if f.name == "reason").options
    sent = {**SAID, "reason": [reasons[0]]}
    body = bulk_body(action, ["case:1", "case:2"], sent, ZONE, dry_run=True)
    taken = Bulk.model_validate(body)
    assert (taken.cases, taken.dry_run) == (("case:1", "case:2"), True)


def test_a_ruling_names_who_and_what_it_rests_on() -> None:
    sent = {
        "lead": ["post/posting:410199:district-leader:1"], "reason": ["charter_lead"],
        "statement": [" because "], "charters": ["charter:works:covers/3"], "propose": ["yes"],
    }  # fmt: skip
    body = ruling_of(sent)
    taken = RulingIn.model_validate(body)
    assert taken.lead.post == "posting:410199:district-leader:1"
    assert [(each.id, each.version) for each in taken.charters] == [("charter:works:covers", 3)]
    assert (taken.statement, taken.propose) == ("because", True)


@pytest.mark.parametrize(
    ("field", "bad"),
    [("lead", ""), ("lead", "person/p-1"), ("lead", "department/"), ("reason", "Because!"),
     ("charters", "charter:works"), ("charters", "charter:works/x")],
)  # fmt: skip
def test_a_ruling_without_its_parts_is_not_sent(field: str, bad: str) -> None:
    sent = {"lead": ["department/works"], "reason": ["charter_lead"], field: [bad]}
    with pytest.raises(Unsaid) as unsaid:
        ruling_of(sent)
    assert unsaid.value.name == field


def listed(*waits: dict[str, Any], **change: Any) -> Listed:
    every = [{"due_at": None, "ref": None, **each} for each in waits]
    return Listed.model_validate({
        "case": "case:1", "status": "assigned", "matter": "m", "condition": "c", "grid": "u1",
        "handler": None, "reported_at": NOON, "handle_by": None, "closed_at": None, "late": False,
        "paused": False, "open_slips": 0, "reopened": 0, "escalated_to": None, "waits": every,
        **change,
    })  # fmt: skip


def test_on_one_s_own_desk_a_row_says_what_waits_for_oneself() -> None:
    work = {"desk": "department:works", "what": "handle", "due_at": NOON - timedelta(hours=3)}
    relief = {"desk": "supervisor:c", "what": "relief"}
    [mine] = rows_shown([listed(work, relief)], "p-1", ["c"], NOON)
    [theirs] = rows_shown([listed(work, relief)], "p-1", [], NOON)
    assert mine.turn is not None
    assert theirs.turn is not None
    assert (mine.turn.told.what, theirs.turn.told.what) == ("relief", "handle")
    assert (mine.turn.late, theirs.turn.late, theirs.beside) == (False, True, 1)


def test_my_slips_are_those_that_i_must_answer() -> None:
    mine = listed({"desk": "person:p-1", "what": "slip"})
    other = listed({"desk": "person:p-2", "what": "slip"})
    desk = Desk(grids=[], waiting=[mine, other], late=[], came_up=[], counts={})
    assert my_slips(desk, "p-1") == [mine]


def test_intake_takes_what_a_reviewer_says() -> None:
    filed = judgement_of({"condition": ["part/utilities/manhole-cover missing"], "grid": ["u1"]})
    taken = Judgement.model_validate(filed)
    assert (taken.matter, taken.condition, taken.grid) == (
        "part/utilities/manhole-cover", "missing", "u1",
    )  # fmt: skip
    for reason in REJECTIONS:
        Judgement.model_validate(judgement_of({"word": ["reject"], "reject": [reason]}))
    turned = {"word": ["reject"], "reject": ["out_of_scope"], "turn_zh": ["甲"], "turn_en": ["A"]}
    assert Judgement.model_validate(judgement_of(turned)).turn_to is not None


def test_where_to_turn_to_is_said_in_both_languages_or_not_at_all() -> None:
    sent = {"word": ["reject"], "reject": ["out_of_scope"], "turn_zh": ["甲"]}
    with pytest.raises(Unsaid) as unsaid:
        judgement_of(sent)
    assert unsaid.value.name == "turn_en"
