"""Returns and rulings as people have them: over HTTP, on a real store."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from case_contracts.commands import COMMAND
from case_contracts.events import dispatch as events
from case_contracts.events.registry import PostingEnded
from case_contracts.values import About, Limit, LimitUnit
from dispatch.domain.supervision import DEFAULT
from service_kit import clock
from tests.integration.dispatch.served import served, subject_of
from tests.integration.dispatch.test_reporters_wishes import happened
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import LITTER, MANHOLE, charter, filed, grid, post

WORDS = "柳岸路这段归水务局，见附图"
ALL = "cases.arbitrate cases.verify cases.supervise cases.read"
BOSS, LEAD, WORKER, STAND_IN = "p-boss", "p-lead", "p-w1", "p-stand-in"


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    """u1 and u2 lie side by side; mr helps with parts in u2."""
    async with served(mongo_url, database, issuer) as twin:
        for left, code in enumerate(("u1", "u2")):
            ring = [[left, 0], [left + 1, 0], [left + 1, 1], [left, 1], [left, 0]]
            outline = {"type": "Polygon", "coordinates": [ring]}
            await twin.say(grid(code).model_copy(update={"geometry": outline}), f"grid:{code}")
        support = charter("mr-parts", "mr", "part/*", "u2").model_copy(update={"role": "support"})
        await twin.say(support, support.charter)
        yield twin


@pytest.fixture
def desk(dispatch: Twin, issuer: TestIssuer) -> "Desk":
    return Desk(dispatch, issuer)


class Desk:
    """What people and departments do with cases."""

    def __init__(self, twin: Twin, issuer: TestIssuer) -> None:
        self.twin, self._issuer = twin, issuer

    async def filed(self, case: str = "case:1", **change: Any) -> Any:
        await self.twin.say(filed(case, reported_at=clock.now(), **change), case)
        return await happened(self.twin, events.TaskAssigned, case)

    async def get(
        self, path: str, person: str, scopes: str = "cases.verify", status: int = 200
    ) -> Any:
        headers = self._issuer.bearer(person, scopes, "dispatch")
        answer = await self.twin.http.get(path, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def post(
        self, case: str, what: str, person: str, body: Any, status: int = 200,
        scopes: str = "cases.verify", key: str | None = None,
    ) -> Any:  # fmt: skip
        headers = self._issuer.bearer(person, scopes, "dispatch")
        headers |= {"Idempotency-Key": key} if key else {}
        answer = await self.twin.http.post(f"/cases/{case}/{what}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def returned(self, case: str, department: str, number: int) -> None:
        """A department returns its task of this assignment."""
        task = await happened(self.twin, events.TaskAssigned, case, number)
        assert task.handler.id == department
        said = {
            "id": f"{case}:{number}", "name": "return", "reason": "not_ours", "case": case,
            "taskid": task.taskid, "assignment": task.assignment,
        }  # fmt: skip
        await self.twin.command("dispatch", department, COMMAND.validate_python(said))
        await happened(self.twin, events.TaskReturned, case, number)

    async def asked(self, case: str = "case:1", count: int = 1) -> Any:
        """The question, once it can be looked up."""
        found = await happened(self.twin, events.RulingRequested, case, count)

        async def shown() -> bool:
            row = await self.twin.runtime.database["view_case"].find_one({"_id": case})
            asked = row["state"]["ruling"] if row is not None else None
            return (
                asked is not None
                and asked["requested_at"] == found.model_dump(mode="json")["requested_at"]
            )

        await eventually(shown)
        return found

    async def waits_for(self, person: str, scopes: str = "cases.verify") -> list[str]:
        return [row["case"] for row in await self.get("/rulings", person, scopes)]

    async def returned_by_two_posts(self) -> Any:
        await self.filed(matter=LITTER)
        body = {"reason": "not_here", "proposed": "um", "statement": WORDS}
        await self.post("case:1", "return", WORKER, body)
        await self.post("case:1", "return", LEAD, {"reason": "not_ours"})
        return await self.asked()

    async def returned_by_two_departments(self, case: str, **change: Any) -> Any:
        await self.filed(case, matter=MANHOLE, grid="u2", **change)
        await self.returned(case, "wa", 1)
        await self.returned(case, "um", 2)
        return await self.asked(case)


async def test_two_posts_return_it_and_the_districts_head_rules(desk: Desk) -> None:
    asked = await desk.returned_by_two_posts()
    assert (asked.arbiter.person, asked.reason) == (BOSS, "returned_twice")
    [row] = await desk.get("/rulings", BOSS)
    assert (row["case"], row["yours"], row["overdue"]) == ("case:1", True, False)
    body = {"lead": {"post": "posting:c:p-lead"}, "reason": "its_ground", "statement": WORDS}
    state = await desk.post("case:1", "ruling", BOSS, body, key="k")
    assert (state["status"], state["task"]["ruled"]) == ("assigned", True)
    assert (await desk.post("case:1", "ruling", BOSS, body, key="k"))["status"] == "assigned"
    assert len(desk.twin.published(events.RulingMade)) == 1
    assigned = await happened(desk.twin, events.TaskAssigned, "case:1", 3)
    assert (assigned.handler.person, assigned.ruling) == (LEAD, asked.ruling)
    assert assigned.reasons[0].code == "its_ground"
    again = await desk.post("case:1", "return", LEAD, {"reason": "not_ours"}, 409)
    assert again["code"] == "ruled"
    assert await desk.waits_for(BOSS) == []
    late = await desk.post("case:1", "ruling", BOSS, body, 409)
    assert late["code"] == "nothing_to_rule"
    stored = [str(row) for name in await desk.twin.runtime.database.list_collection_names()
              async for row in desk.twin.runtime.database[name].find({})]  # fmt: skip
    assert WORDS not in "".join(stored) + str(desk.twin.publisher.envelopes)


async def test_the_boundary_evidence_lies_side_by_side(desk: Desk) -> None:
    await desk.returned_by_two_departments("case:1")
    found = await desk.get("/cases/case:1/ruling", BOSS)
    assert found["ground"]["case"]["grid"] == "u2"
    assert found["ground"]["case"]["geometry"]["coordinates"][0][0] == [1, 0]
    assert [each["grid"] for each in found["ground"]["neighbours"]] == ["u1"]
    rows = {c["charter"]: c for c in found["charters"]}
    assert {name: (c["department"], c["role"], c["ground"]) for name, c in rows.items()} == {
        "charter:um": ("um", "lead", "own"),
        "charter:wa": ("wa", "lead", "own"),
        "charter:mr-parts": ("mr", "support", "own"),
    }
    assert rows["charter:um"]["legal_basis"] == "list of powers"
    assert all(c["holds"] and c["covers_matter"] for c in rows.values())
    assert [r["handler"]["id"] for r in found["returns"]] == ["wa", "um"]
    assert found["question"]["asked_by"]["id"] == "um"
    assert found["made"] == found["earlier"] == []


async def test_the_words_of_who_returns_are_for_the_arbiter_and_supervisors(desk: Desk) -> None:
    await desk.returned_by_two_posts()

    async def words(person: str, scopes: str) -> Any:
        found = await desk.get("/cases/case:1/ruling", person, scopes)
        return [each["words"] for each in found["returns"]]

    assert await words(BOSS, "cases.verify") == [WORDS, None]
    assert await words("p-super", "cases.supervise") == [WORDS, None]
    assert await words("p-reads", "cases.read") == [None, None]
    assert await words("p-other", "cases.arbitrate") == [None, None]


async def test_what_was_ruled_before_on_the_same_matter_and_grid_is_shown(desk: Desk) -> None:
    """But not to whom the earlier case complains of."""
    about = About(kind="person", id=BOSS)
    first = await desk.returned_by_two_departments("case:1", about=about)
    assert first.arbiter is None
    body = {"lead": {"department": "mr"}, "reason": "its_work", "propose": True,
            "charters": [{"id": "charter:mr-parts", "version": 1}]}  # fmt: skip
    assert await desk.waits_for(STAND_IN, ALL) == ["case:1"]
    await desk.post("case:1", "ruling", STAND_IN, body, scopes=ALL)
    made = await happened(desk.twin, events.RulingMade, "case:1")
    assert (made.propose, made.matter, made.grid, made.lead.id) == (True, MANHOLE, "u2", "mr")
    await desk.returned_by_two_departments("case:2")
    [earlier] = (await desk.get("/cases/case:2/ruling", STAND_IN, ALL))["earlier"]
    assert (earlier["case"], earlier["lead"]["id"], earlier["by"]) == ("case:1", "mr", STAND_IN)
    assert (await desk.get("/cases/case:2/ruling", BOSS))["earlier"] == []
    own = await desk.get("/cases/case:1/ruling", STAND_IN, ALL)
    assert (own["question"], own["made"][0]["lead"]["id"]) == (None, "mr")


@pytest.mark.parametrize("subject", [LEAD, BOSS])
async def test_neither_whom_it_complains_of_nor_those_under_them_rule_or_see_it(
    desk: Desk, subject: str
) -> None:
    await desk.returned_by_two_departments("case:1", about=About(kind="person", id=subject))
    asked = await desk.asked()
    under = {LEAD: [LEAD, "p-w1", "p-w2"], BOSS: [BOSS, LEAD, "p-w1", "p-w2"]}[subject]
    assert asked.arbiter is None or asked.arbiter.person not in under
    body = {"lead": {"department": "mr"}, "reason": "its_work"}
    for person in under:
        assert await desk.waits_for(person, ALL) == []
        await desk.get("/cases/case:1/ruling", person, ALL, 404)
        await desk.post("case:1", "ruling", person, body, 404, ALL)
    free = BOSS if subject == LEAD else STAND_IN
    assert await desk.waits_for(free, ALL) == ["case:1"]
    await desk.post("case:1", "ruling", free, body, scopes=ALL)


async def test_who_may_not_rule_and_what_cannot_be_ruled(desk: Desk) -> None:
    await desk.returned_by_two_departments("case:1", by="p-reporter")
    body: dict[str, Any] = {"lead": {"department": "wa"}, "reason": "its_work"}
    for person, scopes, status in (
        ("p-other", "cases.verify", 404), (STAND_IN, ALL, 404), ("p-reporter", ALL, 404),
        (BOSS, "cases.read", 403),
    ):  # fmt: skip
        await desk.post("case:1", "ruling", person, body, status, scopes)
    for change, status, code in (
        ({"lead": {"department": "nobody"}}, 422, "unknown_department"),
        ({"lead": {"post": "posting:u2:p-w2"}}, 409, "matter_not_admitted"),
        ({"lead": {"post": "posting:none"}}, 409, "no_such_post"),
        ({"charters": [{"id": "charter:um", "version": 7}]}, 422, "unknown_charter"),
        ({"lead": {}}, 422, "invalid"),
        ({"lead": {"department": "wa", "post": "posting:c:p-lead"}}, 422, "invalid"),
        ({"more": 1}, 422, "invalid"),
    ):
        refused = await desk.post("case:1", "ruling", BOSS, body | change, status)
        assert refused["code"] == code
    assert (await desk.asked()).arbiter.person == BOSS
    assert desk.twin.published(events.RulingMade) == []
    await desk.post("case:1", "return", WORKER, {"reason": "not_ours"}, 409)
    await desk.post("case:2", "return", WORKER, {"reason": "not_ours"}, 404)


async def test_without_a_charter_there_that_covers_it_no_department_can_be_named(
    desk: Desk,
) -> None:
    await desk.returned_by_two_posts()
    body = {"lead": {"department": "mr"}, "reason": "its_work"}
    refused = await desk.post("case:1", "ruling", BOSS, body, 409)
    assert refused["code"] == "no_charter"
    assert "propose" in refused["detail"] or "charter" in refused["detail"]


async def test_a_late_ruling_goes_up_level_by_level_at_the_exact_time(desk: Desk) -> None:
    """The head, then anybody entitled; there it stays."""
    seconds = Limit(amount=1 / 3600, unit=LimitUnit.HOURS)
    rules = DEFAULT.model_copy(update={"supervision": "supervision:x", "ruling_limit": seconds})
    await desk.twin.say(rules, rules.supervision)
    first = await desk.returned_by_two_posts()
    assert first.due_at == first.requested_at + timedelta(seconds=1)
    second = await desk.asked(count=2)
    assert (first.arbiter.person, second.arbiter) == (BOSS, None)
    late = await happened(desk.twin, events.RulingOverdue, "case:1", 2)
    assert late.due_at == second.due_at
    [row] = await desk.get("/rulings", STAND_IN, ALL)
    assert (row["missed"], row["overdue"], row["yours"]) == (2, True, False)
    assert await desk.waits_for(BOSS) == []
    assert len(desk.twin.published(events.RulingRequested)) == 2
    body = {"lead": {"post": "posting:c:p-lead"}, "reason": "its_ground"}
    await desk.post("case:1", "ruling", STAND_IN, body, scopes=ALL)


async def test_an_arbiter_who_leaves_hands_it_to_the_successor(desk: Desk) -> None:
    await desk.returned_by_two_posts()
    now = clock.now()
    new = post("p-new", "leader", "d").model_copy(update={"valid_from": now})
    await desk.twin.say(new, subject_of(new))
    ended = PostingEnded(posting="posting:d:p-boss", valid_to=now)
    await desk.twin.say(ended, subject_of(ended))
    assert (await desk.asked(count=2)).arbiter.person == "p-new"

    async def theirs() -> bool:
        return await desk.waits_for("p-new") == ["case:1"]

    await eventually(theirs)
    assert await desk.waits_for(BOSS) == []


async def test_late_ones_come_first(desk: Desk) -> None:
    for n in (1, 2, 3):
        await desk.returned_by_two_departments(f"case:{n}")
    assert await desk.waits_for(BOSS) == ["case:1", "case:2", "case:3"]
    rows = await desk.get("/rulings?limit=2", BOSS)
    assert len(rows) == 2
