"""``POST /imports``: the past comes along as recorded, each line once."""

from datetime import datetime
from typing import Any

from case_contracts.events.intake import CaseOpened, ReportReceived
from tests.support.small_district import IN_WEST, MANHOLE, NOISE, OUTSIDE
from tests.support.twin import Twin, eventually

REPORTED, CLOSED = "2021-04-01T09:00:00+08:00", "2021-04-02T10:00:00+08:00"


def line(ref: str, **change: Any) -> dict[str, Any]:
    return {"ref": ref, "reported_at": REPORTED, "matter": MANHOLE, "point": IN_WEST, **change}


async def send(twin: Twin, headers: dict[str, str], *lines: dict[str, Any]) -> list[Any]:
    answer = await twin.http.post("/imports", json={"lines": list(lines)}, headers=headers)
    assert answer.status_code == 200, answer.text
    results: list[Any] = answer.json()
    return results


async def test_history_occurred_when_it_was_recorded(
    intake: Twin, historian: dict[str, str]
) -> None:
    [result] = await send(intake, historian, line("a", recorded={"closed_at": CLOSED}))

    [case] = await eventually(lambda: intake.published(CaseOpened))
    reported = datetime.fromisoformat(REPORTED)
    assert (result["status"], result["case"]) == ("received", case.case)
    assert case.opened_at == case.reported_at == reported
    assert case.recorded is not None
    assert case.recorded.closed_at == datetime.fromisoformat(CLOSED)
    assert case.reachable == ()
    assert {e.occurredat for e in intake.publisher.envelopes} == {reported}
    assert all(e.recordedat > e.occurredat for e in intake.publisher.envelopes)


async def test_an_open_case_of_the_past_is_history_too(
    intake: Twin, historian: dict[str, str]
) -> None:
    await send(intake, historian, line("a"))

    [case] = await eventually(lambda: intake.published(CaseOpened))
    assert case.recorded is not None
    assert case.recorded.closed_at is None


async def test_each_line_has_its_own_result(intake: Twin, historian: dict[str, str]) -> None:
    lines = [
        line("good", text="words"),
        line("outside", point=OUTSIDE),
        line("bad", matter="not a code"),
        line("early", reported_at="2999-01-01T00:00:00Z"),
        {"reported_at": REPORTED, "matter": NOISE},
    ]
    results = await send(intake, historian, *lines)

    assert [r["status"] for r in results] == [
        "received", "rejected", "invalid", "invalid", "invalid",
    ]  # fmt: skip
    assert results[1]["reason"] == "outside_district"
    assert [r["problem"].split(":")[0] for r in results[2:]] == ["matter", "reported_at", "ref"]
    assert len(await eventually(lambda: intake.published(CaseOpened))) == 1


async def test_a_line_is_imported_once_ever(intake: Twin, historian: dict[str, str]) -> None:
    first = await send(intake, historian, line("a"), line("b"))
    again = await send(intake, historian, line("b"), line("a"), line("a", matter=NOISE))

    assert [r["repeated"] for r in again[:2]] == [True, True]
    assert [r["case"] for r in again[:2]] == [r["case"] for r in reversed(first)]
    assert again[2]["problem"].startswith("ref: ")
    assert len(intake.published(ReportReceived)) == 2


async def test_a_whole_page_at_once(intake: Twin, historian: dict[str, str]) -> None:
    results = await send(intake, historian, *(line(str(i), text=f"t{i}") for i in range(500)))

    assert {r["status"] for r in results} == {"received"}
    await eventually(lambda: len(intake.published(CaseOpened)) == 500)
    refused = await intake.http.post(
        "/imports", json={"lines": [line(str(i)) for i in range(501)]}, headers=historian
    )
    assert refused.status_code == 422


async def test_importing_needs_its_scope(intake: Twin, staff: dict[str, str]) -> None:
    body = {"lines": [line("a")]}

    assert (await intake.http.post("/imports", json=body)).status_code == 401
    assert (await intake.http.post("/imports", json=body, headers=staff)).status_code == 403
