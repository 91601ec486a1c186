"""What a receipt opens: the seven steps, and one vote for each closing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import (
    CaseClosed,
    CaseReopened,
    TaskAssigned,
    TaskOverdue,
    VerificationRequested,
)
from case_contracts.events.intake import CaseOpened, SatisfactionRated
from case_contracts.events.notification import NoticeSent
from service_kit import clock
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.twin import Twin, eventually


def at(minutes: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes)


def example(model: type[EventData], **change: Any) -> EventData:
    return model.model_validate({**model.EXAMPLE, **change})


class Way:
    """One report and what dispatch says of its case."""

    def __init__(self, twin: Twin, accepted: dict[str, Any]) -> None:
        self.twin, self.report = twin, accepted["report"]
        self.case, self.receipt = accepted["case"], accepted["receipt"]

    async def say(self, model: type[EventData], **change: Any) -> None:
        """Tell it, and wait until intake has noted it."""
        facts = self.twin.runtime.database["fact_progress"]
        envelope = await self.twin.say(example(model, case=self.case, **change), self.case)
        await eventually(lambda: facts.find_one({"_id": envelope.id}))

    async def track(self) -> dict[str, Any]:
        answer = await self.twin.http.get(f"/track/{self.receipt}")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    async def rate(self, solved: bool, score: int) -> Any:
        body = {"solved": solved, "score": score}
        return await self.twin.http.post(f"/track/{self.receipt}/rating", json=body)


@pytest.fixture
async def way(intake: Twin) -> Way:
    answer = await intake.http.post("/reports", json={"matter": MANHOLE, "point": IN_WEST})
    await eventually(lambda: intake.published(CaseOpened))
    found = Way(intake, answer.json())
    await eventually(lambda: opened(found))
    return found


async def opened(way: Way) -> bool:
    return bool((await way.track())["step"] == "dispatch")


async def test_the_seven_steps(way: Way) -> None:
    before = await way.track()
    due, done_at = at(60), at(40)
    await way.say(TaskAssigned, assigned_at=at(1), due_at=due)
    assigned = await way.track()
    await way.say(VerificationRequested, requested_at=at(30))
    done = await way.track()
    await way.say(CaseClosed, closed_at=done_at, due_at=due, on_time=True)
    closed = await way.track()

    assert [each["name"]["zh"] for each in closed["steps"]] == [
        "信息收集", "案卷建立", "任务派遣", "任务处理", "处理反馈", "核实结案", "综合评价",
    ]  # fmt: skip
    steps = [each["step"] for each in (before, assigned, done, closed)]
    assert steps == ["dispatch", "handling", "verification", "assessment"]
    assert [each["status"] for each in (before, closed)] == ["in_progress", "closed"]
    assert datetime.fromisoformat(assigned["due_at"]) == due
    assert datetime.fromisoformat(closed["closed_at"]) == done_at
    assert not assigned["overdue"]
    assert not closed["overdue"]


async def test_names_but_no_staff(way: Way) -> None:
    await way.say(TaskAssigned)
    tracked = await way.track()

    assert tracked["grid_name"]["en"].startswith("Grid 4101")
    assert tracked["matter_name"]["en"] == f"Matter {MANHOLE}"
    assert tracked["condition_name"]["en"] == "Missing"
    handler = TaskAssigned.EXAMPLE["handler"]["id"]
    assert handler not in str(tracked)


async def test_overdue_is_what_dispatch_says(way: Way) -> None:
    await way.say(TaskAssigned, assigned_at=at(-90), due_at=at(-30))
    assert (await way.track())["overdue"] is False
    await way.say(TaskOverdue, due_at=at(-30))
    assert (await way.track())["overdue"] is True


async def test_notices_to_this_reporter_are_counted(way: Way) -> None:
    await way.say(NoticeSent, report=way.report)
    await way.say(NoticeSent, report="report:another")

    assert (await way.track())["notices"] == 1


async def test_a_vote_needs_a_closing(way: Way) -> None:
    answer = await way.rate(True, 5)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_closed")


async def test_one_vote_for_each_closing(way: Way) -> None:
    await way.say(CaseClosed, closed_at=clock.now())
    first = await way.rate(False, 1)
    again = await way.rate(False, 1)
    other = await way.rate(True, 5)

    assert (first.status_code, again.json()) == (200, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "already_rated")
    [rated] = way.twin.published(SatisfactionRated)
    assert (rated.report, rated.case, rated.solved, rated.score) == (
        way.report, way.case, False, 1,
    )  # fmt: skip
    tracked = await way.track()
    assert tracked["rated"]
    assert tracked["steps"][-1]["at"] is not None


async def test_a_case_closed_again_is_voted_on_again(way: Way) -> None:
    await way.say(CaseClosed, closed_at=clock.now())
    await way.rate(False, 1)
    await way.say(CaseReopened, reopened_at=clock.now())
    between = await way.rate(True, 5)
    await way.say(CaseClosed, closed_at=clock.now())
    after = await way.rate(True, 5)

    assert between.json()["code"] == "not_closed"
    assert after.status_code == 200
    assert [r.score for r in way.twin.published(SatisfactionRated)] == [1, 5]


@pytest.mark.parametrize("body", [{"solved": True, "score": 6}, {"solved": True}, {"score": 3}])
async def test_a_malformed_vote(way: Way, body: dict[str, Any]) -> None:
    answer = await way.twin.http.post(f"/track/{way.receipt}/rating", json=body)
    assert answer.status_code == 422


async def test_a_mistyped_receipt_does_not_reach_the_store(way: Way) -> None:
    letter = "2" if way.receipt[0] != "2" else "3"
    way.twin.runtime.database = None  # type: ignore[assignment]  # whoever asks it fails
    answer = await way.twin.http.get(f"/track/{letter}{way.receipt[1:]}")

    assert answer.status_code == 404
