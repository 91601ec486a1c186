"""An arbiter's ruling becomes a proposed charter, or the record says why it does not."""

from typing import Any

from case_contracts.events import dispatch
from case_contracts.events.registry import CharterGranted, CharterProposed, CharterRefused
from tests.integration.registry.chartering.asked import People, approved, post
from tests.integration.registry.conftest import Start
from tests.integration.registry.test_loading import Headers, load
from tests.integration.registry.test_questions import ask
from tests.support.twin import Twin, eventually
from tests.unit.registry.small import edited

POTHOLE = "part/roads/pothole"
UNIT = "410101"
SUPPORT: dict[str, Any] = {
    "charter": "charter:water:potholes", "department": "water", "matters": [POTHOLE],
    "grid": "41", "role": "support", "powers": ["inspect"], "legal_basis": "list 2026, no. 9",
}  # fmt: skip


def ruled(ruling: str = "ruling:1", department: str = "water", **change: Any) -> Any:
    lead = {"kind": "department", "id": department}
    said = {
        "ruling": ruling, "case": f"case:{ruling}", "lead": lead, "matter": POTHOLE, "grid": UNIT,
        "charters": [], "by": "p-77",
    }  # fmt: skip
    return dispatch.RulingMade.model_validate(dispatch.RulingMade.EXAMPLE | said | change)


async def supported(twin: Twin, writer: Headers, approver: People) -> None:
    """water helps with potholes everywhere."""
    assert (await post(twin, "/charters", writer, SUPPORT)).is_success
    for person in ("p-1", "p-2"):
        assert (await approved(twin, approver(person), charter=SUPPORT["charter"]))[0] == 200


async def came_of_it(twin: Twin, reader: Headers, count: int = 1) -> list[dict[str, Any]]:
    async def found() -> list[dict[str, Any]] | None:
        rows: list[dict[str, Any]] = await ask(twin, "/charters/from-rulings", reader)
        return rows if len(rows) >= count else None

    return await eventually(found) or []


async def test_it_waits_like_any_proposal_and_two_people_grant_it(
    loaded: Twin, writer: Headers, reader: Headers, approver: People
) -> None:
    await supported(loaded, writer, approver)
    why = {"reason": "the street is the water bureau's", "approved_by": ["p-1", "p-2"]}
    assert (await post(loaded, "/charters/roads/revocation", writer, why)).is_success
    await loaded.say(ruled(), "case:ruling:1")
    [row] = await came_of_it(loaded, reader)
    assert (row["state"], row["department"], row["objections"]) == ("proposed", "water", [])
    charter = row["charter"]
    waiting = await ask(loaded, "/charters?pending=true", reader)
    assert [each["charter"] for each in waiting] == [charter]
    [proposed] = [p for p in loaded.published(CharterProposed) if p.charter == charter]
    assert (proposed.proposed_by, proposed.ruling) == ("p-77", "ruling:1")
    assert (proposed.matters, proposed.grid, proposed.role) == ((POTHOLE,), UNIT, "lead")
    assert proposed.powers == ("inspect",), "what the department may do there already"

    assert (await approved(loaded, approver("p-77"), charter=charter))[1]["code"] == "own_proposal"
    for person in ("p-1", "p-2"):
        assert (await approved(loaded, approver(person), charter=charter))[0] == 200
    assert charter in [g.charter for g in loaded.published(CharterGranted)]
    [row] = await came_of_it(loaded, reader)
    assert row["state"] == "granted"


async def test_a_clash_with_another_lead_is_shown_and_keeps_it_from_being_granted(
    loaded: Twin, writer: Headers, reader: Headers, approver: People
) -> None:
    """roads leads for potholes everywhere: as long as it does, water cannot."""
    await supported(loaded, writer, approver)
    await loaded.say(ruled(), "case:ruling:1")
    [row] = await came_of_it(loaded, reader)
    assert [o["code"] for o in row["objections"]] == ["two_leads"]
    assert "charter:roads" in row["objections"][0]["message"]
    assert (await approved(loaded, approver("p-1"), charter=row["charter"]))[0] == 200
    status, answer = await approved(loaded, approver("p-2"), charter=row["charter"])
    assert (status, answer["errors"][0]["code"]) == (422, "two_leads")


async def test_what_cannot_be_proposed_is_refused_with_its_reason_and_held_by_nobody(
    loaded: Twin, writer: Headers, reader: Headers, approver: People
) -> None:
    await supported(loaded, writer, approver)
    wrong = [
        (ruled("ruling:leads", "roads"), "leads_already", "charter:roads"),
        (ruled("ruling:none", "nobody"), "no_powers", None),
        (ruled("ruling:post", lead={"kind": "post", "id": "posting:1"}), "no_department", None),
        (ruled("ruling:first"), None, None),
        (ruled("ruling:again"), "pending", None),
    ]
    for n, (ruling, _, _) in enumerate(wrong, 1):
        await loaded.say(ruling, ruling.case)
        await came_of_it(loaded, reader, n)
    rows = {row["ruling"]: row for row in await came_of_it(loaded, reader, len(wrong))}
    for ruling, reason, other in wrong:
        row = rows[ruling.ruling]
        assert row["reason"] == reason
        assert other in (None, row["other"])
    refused = await ask(loaded, "/charters/from-rulings?state=refused", reader)
    assert len(refused) == len(loaded.published(CharterRefused)) == 4
    assert await loaded.runtime.database["held"].count_documents({}) == 0


async def test_without_propose_nothing_follows_and_twice_told_it_follows_once(
    loaded: Twin, writer: Headers, reader: Headers, approver: People
) -> None:
    await supported(loaded, writer, approver)
    await loaded.say(ruled("ruling:quiet", propose=False), "case:quiet")
    told = await loaded.say(ruled(), "case:ruling:1")
    await came_of_it(loaded, reader)
    await loaded.send(told)
    await loaded.say(ruled("ruling:2", matter="event/street/litter"), "case:ruling:2")
    rows = await came_of_it(loaded, reader, 2)
    assert sorted(row["ruling"] for row in rows) == ["ruling:1", "ruling:2"]
    assert len([p for p in loaded.published(CharterProposed) if p.ruling == "ruling:1"]) == 1


async def test_two_processes_propose_it_once_and_a_district_is_loaded_as_before(
    start: Start, writer: Headers, reader: Headers, approver: People
) -> None:
    files = edited("district.yaml", "2026-01-01", "2020-01-01")
    async with start() as one, start() as other:
        assert (await load(one, writer, files)).status_code == 200
        await supported(one, writer, approver)
        told = await one.say(ruled(), "case:ruling:1")
        await other.send(told)
        await one.say(ruled("ruling:leads", "roads"), "case:ruling:leads")
        await came_of_it(one, reader, 2)
        said = [*one.published(CharterProposed), *other.published(CharterProposed)]
        assert len([p for p in said if p.ruling is not None]) == 1
        again = await load(one, writer, files)
        assert again.status_code == 200
        named = [w["message"] for w in again.json()["warnings"]]
        assert not [each for each in named if "charter:ruled" in each]
