"""A person links, unlinks and declines; what was said of a merged case stays whole."""

from case_contracts.events.dispatch import CaseClosed
from case_contracts.events.intake import LinkDeclined, LinkProposed, ReportLinked
from intake.views.links import reports_of
from service_kit import clock
from tests.integration.intake.links.conftest import beside, opened, reported, say
from tests.support.small_district import LITTER
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually


async def behind(twin: Twin, case: str) -> list[str]:
    found = await reports_of(twin.runtime.database, [case])
    return [state.report for state in found.get(case, [])]


async def test_linking_by_hand_says_first_what_would_happen(
    intake: Twin, linker: dict[str, str]
) -> None:
    first, second = await opened(intake), await opened(intake, 300)
    dry = await say(intake, linker, second.report, "link", case=first.case, dry_run=True)
    assert dry.json() == {
        "report": second.report, "case": first.case, "from_case": second.case,
        "emptied": True, "dry_run": True,
    }  # fmt: skip
    assert intake.published(ReportLinked) == []
    assert await behind(intake, second.case) == [second.report]

    for _ in range(2):
        done = await say(intake, linker, second.report, "link", case=first.case)
        assert done.status_code == 200, done.text
    [linked] = intake.published(ReportLinked)
    assert (linked.by, linked.from_case, linked.emptied) == ("p-000077", second.case, True)
    assert await behind(intake, first.case) == [first.report, second.report]
    assert await behind(intake, second.case) == []


async def test_a_case_that_another_report_stands_behind_is_not_emptied(
    intake: Twin, linker: dict[str, str]
) -> None:
    target, opener = await opened(intake, 400), await opened(intake)
    await reported(intake, 4)
    moved = await say(intake, linker, opener.report, "link", case=target.case)
    assert moved.json()["emptied"] is False
    assert intake.published(ReportLinked)[-1].emptied is False


async def test_a_proposal_is_taken_or_declined_once(intake: Twin, linker: dict[str, str]) -> None:
    first = await opened(intake)
    taken, declined = await opened(intake, 30), await opened(intake, -30)
    link = await say(intake, linker, taken.report, "link", case=first.case)
    assert link.status_code == 200
    [linked] = intake.published(ReportLinked)
    assert linked.likeness is not None

    for _ in range(2):
        answer = await say(intake, linker, declined.report, "decline", case=first.case)
        assert answer.json() == {"report": declined.report, "declined": [first.case]}
    assert [e.by for e in intake.published(LinkDeclined)] == ["p-000077"]
    assert (await intake.http.get("/links/proposed", headers=linker)).json() == []

    other = await say(intake, linker, taken.report, "decline", case=declined.case)
    assert (other.status_code, other.json()["code"]) == (409, "not_proposed")


async def test_only_to_a_case_that_somebody_deals_with(
    intake: Twin, linker: dict[str, str]
) -> None:
    first, second = await opened(intake), await opened(intake, 300)
    unknown = await say(intake, linker, second.report, "link", case="case:none")
    assert unknown.status_code == 404
    nobody = await say(intake, linker, "report:none", "link", case=first.case)
    assert nobody.status_code == 404
    await intake.say(CaseClosed(case=first.case, closed_at=clock.now()), first.case)

    async def ended() -> bool:
        answer = await say(intake, linker, second.report, "link", case=first.case, dry_run=True)
        return answer.status_code == 409 and answer.json()["code"] == "case_ended"

    await eventually(ended)


async def test_who_works_on_the_case_reads_what_every_reporter_left(
    intake: Twin, keeper: dict[str, str]
) -> None:
    first = await opened(intake, text=None)
    second = await reported(intake, 4, text="看不见的井盖")
    assert second.case == first.case
    ask = {"purpose": "handle-task"}
    words = await intake.http.get(f"/vault/cases/{first.case}/words", params=ask, headers=keeper)
    assert words.json()["text"] == "看不见的井盖"


async def test_erasing_a_case_erases_what_every_reporter_left(
    intake: Twin, keeper: dict[str, str]
) -> None:
    first = await opened(intake)
    second, other = await reported(intake, 4), await opened(intake, 300)
    ask = {"purpose": "erasure-request"}
    gone = await intake.http.delete(f"/vault/cases/{first.case}/key", params=ask, headers=keeper)
    assert gone.status_code == 204
    for each, status in ((first, 410), (second, 410), (other, 200)):
        path = f"/vault/reports/{each.report}/contact"
        assert (await intake.http.get(path, params=ask, headers=keeper)).status_code == status
    words = await intake.http.get(f"/vault/cases/{first.case}/words", params=ask, headers=keeper)
    assert words.status_code == 410


async def test_what_a_reviewer_files_is_known_where_it_lies(
    intake: Twin, issuer: TestIssuer
) -> None:
    unclear = await intake.http.post("/reports", json={"matter": LITTER, "point": beside(0)})
    report = unclear.json()["report"]
    reviewer = issuer.bearer("p-000077", "triage.decide", "intake")
    filed = await intake.http.post(
        f"/triage/{report}", json={"matter": LITTER, "condition": "heap"}, headers=reviewer
    )
    assert filed.status_code == 200, filed.text
    again = await opened(intake, 2, LITTER, condition="heap")
    [asked] = intake.published(LinkProposed)
    assert (asked.report, asked.to_case) == (again.report, filed.json()["case"])
