"""A second report of one problem belongs to the case that is there, by rule or by a person."""

from typing import Any

from case_contracts.events.dispatch import CaseClosed, CaseReopened
from case_contracts.events.intake import (
    CaseOpened,
    LinkProposed,
    ReportLinked,
    ReportReceived,
    ReportUnlinked,
)
from service_kit import clock
from tests.integration.intake.links.conftest import opened, reported, say
from tests.support.small_district import NOISE
from tests.support.twin import Twin, eventually

CONTACT = {"email": "second@example.org"}


async def closed(twin: Twin, case: str) -> None:
    await twin.say(CaseClosed(case=case, closed_at=clock.now()), case)
    await eventually(lambda: _has(twin, case, "closed"))


async def _has(twin: Twin, case: str, kind: str) -> bool:
    rows = twin.runtime.database["fact_progress"].find({"case": case, "kind": kind})
    return bool(await rows.to_list(1))


async def test_the_machine_links_and_says_so(intake: Twin, linker: dict[str, str]) -> None:
    first = await opened(intake)
    second = await reported(intake, 4, contact=CONTACT)

    assert second.case == first.case
    [linked] = intake.published(ReportLinked)
    assert (linked.report, linked.case, linked.by) == (second.report, first.case, None)
    assert (linked.from_case, linked.emptied) == (None, False)
    assert linked.likeness.metres == 4
    assert 0.9 < linked.likeness.score < 1
    received = [e for e in intake.published(ReportReceived) if e.report == second.report]
    assert [(e.filing, e.case == first.case) for e in received] == [(None, False)]
    assert linked.reporter not in (None, received[0].reporter)

    listed = await eventually(lambda: _made(intake, linker, made_by="machine"))
    assert [(row["report"], row["case"], row["by"], row["stands"]) for row in listed] == [
        (second.report, first.case, None, True)
    ]
    assert listed[0]["matter"] == received[0].matter
    told = (await intake.http.get(f"/reports/{second.report}", headers=linker)).json()
    assert (told["case"], told["linked"], told["link"]["by"]) == (first.case, True, None)
    assert told["link"]["at"][:23] == listed[0]["linked_at"][:23]  # a row has milliseconds
    assert await _made(intake, linker, made_by="person") == []


async def _made(twin: Twin, who: dict[str, str], **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await twin.http.get("/links", params=query, headers=who)).json()
    return rows


async def test_a_linked_report_opens_no_case(intake: Twin) -> None:
    first = await opened(intake)
    await reported(intake, 4)
    other = await opened(intake, 300)
    assert [case.case for case in intake.published(CaseOpened)] == [first.case, other.case]


async def test_the_same_request_again_gets_the_same_case(intake: Twin) -> None:
    first = await opened(intake)
    body = {"matter": "part/utilities/manhole-cover", "point": {"lon": 113.602, "lat": 34.70203}}
    key = {"Idempotency-Key": "0d6f2f2a-0000-4000-8000-000000000001"}
    answers = [
        (await intake.http.post("/reports", json=body, headers=key)).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["case"] == first.case
    assert len(intake.published(ReportLinked)) == 1


async def test_far_away_or_another_matter_is_another_problem(intake: Twin) -> None:
    first = await opened(intake)
    far, other = await reported(intake, 60), await reported(intake, 0, NOISE)
    assert len({first.case, far.case, other.case}) == 3
    assert intake.published(ReportLinked, LinkProposed) == []


async def test_between_sure_and_not_a_person_is_asked(intake: Twin, linker: dict[str, str]) -> None:
    first = await opened(intake)
    second = await opened(intake, 30)
    assert second.case != first.case
    [asked] = intake.published(LinkProposed)
    assert (asked.report, asked.to_case) == (second.report, first.case)

    queue = (await intake.http.get("/links/proposed", headers=linker)).json()
    assert [(row["report"], row["to_case"]) for row in queue] == [(second.report, first.case)]
    assert set(queue[0]) == {
        "report", "case", "to_case", "matter", "likeness", "reported_at", "proposed_at",
    }  # fmt: skip


async def test_where_the_rule_links_nothing_a_person_is_asked(intake: Twin) -> None:
    first = await opened(intake, matter=NOISE)
    second = await opened(intake, matter=NOISE)
    assert second.case != first.case
    assert [e.to_case for e in intake.published(LinkProposed)] == [first.case]


async def test_a_closed_case_takes_nothing_in_and_one_opened_again_does(intake: Twin) -> None:
    first = await opened(intake)
    await closed(intake, first.case)
    second = await opened(intake, 1)
    assert second.case != first.case
    await closed(intake, second.case)
    await intake.say(
        CaseReopened(case=first.case, reopened_at=clock.now(), reason="dissent"), first.case
    )
    await eventually(lambda: _has(intake, first.case, "reopened"))
    assert (await reported(intake, 1)).case == first.case


async def test_a_complaint_about_somebody_is_never_linked(
    intake: Twin, linker: dict[str, str]
) -> None:
    about = {"kind": "department", "id": "urban-management"}
    complaint = await opened(intake, about=about)
    plain = await opened(intake)
    again = await opened(intake, about=about)
    assert len({complaint.case, plain.case, again.case}) == 3
    assert intake.published(ReportLinked, LinkProposed) == []
    for report, case in ((again.report, plain.case), (plain.report, complaint.case)):
        answer = await say(intake, linker, report, "link", case=case)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_linkable")


async def test_history_is_never_linked(intake: Twin, historian: dict[str, str]) -> None:
    first = await opened(intake)
    line = {
        "ref": "b-1",
        "reported_at": clock.now().isoformat(),
        "matter": "part/utilities/manhole-cover",
        "point": {"lon": 113.602, "lat": 34.702},
        "recorded": {},
    }
    answer = await intake.http.post("/imports", json={"lines": [line]}, headers=historian)
    assert answer.json()[0]["case"] not in (None, first.case)
    assert intake.published(ReportLinked, LinkProposed) == []


async def test_staff_who_report_two_side_by_side_have_seen_two(
    intake: Twin, staff: dict[str, str]
) -> None:
    for _ in range(2):
        body = {
            "channel": "patrol",
            "matter": "part/utilities/manhole-cover",
            "point": {"lon": 113.602, "lat": 34.702},
        }
        answer = await intake.http.post("/reports", json=body, headers=staff)
        assert answer.status_code == 202, answer.text
    assert intake.published(ReportLinked) == []
    assert len(intake.published(LinkProposed)) == 1


async def test_unlinked_it_opens_its_own_case_as_if_never_linked(
    intake: Twin, linker: dict[str, str]
) -> None:
    first = await opened(intake)
    second = await reported(intake, 4, contact=CONTACT)
    answer = await say(intake, linker, second.report, "unlink", reason="other_problem")
    assert answer.status_code == 200, answer.text
    own = answer.json()["case"]
    assert own not in (None, first.case)

    [unlinked] = intake.published(ReportUnlinked)
    assert (unlinked.from_case, unlinked.unlinked_by) == (first.case, "p-000077")
    [case] = [c for c in intake.published(CaseOpened) if c.case == own]
    assert case.reported_at == unlinked.reported_at < unlinked.unlinked_at
    assert (case.report, case.located) == (second.report, True)
    assert (await _made(intake, linker))[0]["stands"] is False

    again = await say(intake, linker, second.report, "unlink")
    assert (again.status_code, again.json()["code"]) == (409, "not_linked")
    third = await reported(intake, 5)
    assert third.case in (first.case, own)


async def test_of_links_made_twice_to_one_case_only_the_last_stands(
    intake: Twin, linker: dict[str, str]
) -> None:
    first = await opened(intake)
    second = await reported(intake, 4)
    for verb, more in (("unlink", {}), ("link", {"case": first.case})):
        answer = await say(intake, linker, second.report, verb, **more)
        assert answer.status_code == 200, answer.text
    await intake.settled()
    machine, person = await _made(intake, linker)
    assert (machine["by"], machine["case"], machine["stands"]) == (None, first.case, False)
    assert (person["by"], person["case"], person["stands"]) == ("p-000077", first.case, True)


async def test_nobody_decides_without_the_right(intake: Twin, staff: dict[str, str]) -> None:
    first, second = await opened(intake), await reported(intake)
    for verb, body in (
        ("link", {"case": first.case}), ("unlink", {}), ("decline", {"case": first.case}),
    ):  # fmt: skip
        for who, status in (({}, 401), (staff, 403)):
            answer = await say(intake, who, second.report, verb, **body)
            assert answer.status_code == status
    for path in ("/links", "/links/proposed"):
        assert (await intake.http.get(path, headers=staff)).status_code == 403
