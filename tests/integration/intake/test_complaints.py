"""A complaint about somebody looks to them, by whatever door, as if it did not exist (rule 12)."""

from typing import Any

import pytest

from case_contracts.events.intake import CaseOpened
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

SUBJECT = "p-000123"
SCOPES = "reports.read links.decide vault.read vault.erase"
LOOKS = [
    ("GET", "/reports/{report}", None),
    ("GET", "/cases/{case}", None),
    ("GET", "/vault/reports/{report}/contact?purpose=verify", None),
    ("GET", "/vault/cases/{case}/words?purpose=verify", None),
    ("DELETE", "/vault/cases/{case}/key?purpose=erasure-request", None),
    ("POST", "/reports/{report}/link", {"case": "{case}", "dry_run": True}),
    ("POST", "/reports/{other}/link", {"case": "{case}", "dry_run": True}),
    ("POST", "/reports/{report}/unlink", {"reason": "another-problem"}),
    ("POST", "/reports/{report}/decline", {"case": "{case}"}),
]


async def complained(intake: Twin, **more: Any) -> dict[str, str]:
    said = {"matter": MANHOLE, "point": IN_WEST, "text": "He takes money.", **more}
    said["contact"] = {"phone": "13800000000"}
    answer = (await intake.http.post("/reports", json=said)).json()
    await eventually(lambda: answer["case"] in [e.case for e in intake.published(CaseOpened)])
    return {"report": answer["report"], "case": answer["case"]}


@pytest.fixture
async def complaint(intake: Twin) -> dict[str, str]:
    about = {"kind": "person", "id": SUBJECT}
    other = await complained(intake)
    return {**await complained(intake, about=about), "other": other["report"]}


@pytest.mark.parametrize(("method", "path", "body"), LOOKS)
async def test_it_does_not_exist_for_whom_it_is_about(
    intake: Twin, issuer: TestIssuer, complaint: dict[str, str], method: str, path: str, body: Any
) -> None:
    def asked(who: str, ids: dict[str, str]) -> Any:
        sent = {k: v.format(**ids) if isinstance(v, str) else v for k, v in (body or {}).items()}
        headers, url = issuer.bearer(who, SCOPES, "intake"), path.format(**ids)
        return intake.http.request(method, url, json=sent or None, headers=headers)

    unknown = {**complaint, "report": "report:none", "case": "case:none"}
    answer = await asked(SUBJECT, complaint)
    assert (answer.status_code, answer.json()) == (404, (await asked(SUBJECT, unknown)).json())
    assert (await asked("p-000777", complaint)).status_code not in (404, 422)


async def test_the_words_of_many_cases_leave_out_what_complains_of_the_reader(
    intake: Twin, issuer: TestIssuer, complaint: dict[str, str]
) -> None:
    url = f"/vault/words?purpose=verify&case={complaint['case']}"
    mine = await intake.http.get(url, headers=issuer.bearer(SUBJECT, SCOPES, "intake"))
    others = await intake.http.get(url, headers=issuer.bearer("p-000777", SCOPES, "intake"))
    assert (mine.json(), len(others.json())) == ([], 1)


async def test_what_complains_of_somebody_is_not_shown_to_them_by_a_service(
    intake: Twin, service: dict[str, str], complaint: dict[str, str]
) -> None:
    def asked(person: str, case: str) -> Any:
        url = f"/vault/cases/{case}/words?purpose=verify&for={person}"
        return intake.http.get(url, headers=service)

    assert (await asked("p-000777", complaint["case"])).status_code == 200
    theirs, unknown = await asked(SUBJECT, complaint["case"]), await asked(SUBJECT, "case:none")
    assert (theirs.status_code, theirs.json()) == (404, unknown.json())
