"""POST Service Request and tokens, as the specification has them; XML and JSON alike."""

from typing import Any

import pytest

from case_contracts.events.intake import CaseOpened, ReportReceived
from tests.integration.intake.open311.conftest import COVER, HEAP, REQUEST, Asking, report_of
from tests.support.small_district import IN_WEST, MANHOLE, OUTSIDE
from tests.support.twin import Twin, eventually

PLACE = {"lat": IN_WEST["lat"], "long": IN_WEST["lon"]}


async def test_a_request_has_its_id_at_once_and_opens_a_case(asking: Asking, intake: Twin) -> None:
    made = await asking.made(description="line one\nline <two> & three")

    assert "token" not in made
    [opened] = await eventually(lambda: intake.published(CaseOpened))
    assert opened.report == report_of(made["service_request_id"])
    assert (opened.channel, opened.matter, opened.condition) == ("open311", MANHOLE, "loose")
    entry = await intake.runtime.extras["vault"].report(opened.report)
    assert entry.text == "line one\nline <two> & three"
    assert entry.receipt in made["service_notice"]
    assert entry.receipt not in made["service_request_id"]


async def test_the_receipt_in_the_notice_opens_the_report(asking: Asking, intake: Twin) -> None:
    made = await asking.made()

    entry = await intake.runtime.extras["vault"].report(report_of(made["service_request_id"]))
    answer = await intake.http.get(f"/track/{entry.receipt}")
    assert answer.json()["matter"] == MANHOLE


async def test_empty_arguments_are_as_none(asking: Asking) -> None:
    empty = dict.fromkeys(["email", "phone", "media_url", "jurisdiction_id", "api_key"], "")
    assert (await asking.made(**empty))["service_request_id"]


async def test_the_condition_may_be_left_out_where_there_is_a_default(
    asking: Asking, intake: Twin
) -> None:
    await asking.made(**{"attribute[condition]": ""})

    [opened] = await eventually(lambda: intake.published(CaseOpened))
    assert opened.condition == "missing"


@pytest.mark.parametrize(
    "request_",
    [
        {"service_code": HEAP, "attribute[condition]": "_unsure", **PLACE},
        {"service_code": "other", "description": "something smells", **PLACE},
    ],
)
async def test_what_a_person_must_decide_gets_a_token(
    asking: Asking, intake: Twin, request_: dict[str, Any]
) -> None:
    [made] = asking.content(await asking.post(request_))

    assert "service_request_id" not in made
    [report] = await eventually(lambda: intake.published(ReportReceived))
    await intake.settled()
    assert report.filing is None
    answer = await asking.get(f"tokens/{made['token']}")
    assert asking.content(answer) == [{"service_request_id": None, "token": made["token"]}]
    hidden = await asking.get(f"requests/{report.report.removeprefix('report:')}")
    assert hidden.status_code == 404


async def test_a_token_leads_to_the_request(asking: Asking, intake: Twin) -> None:
    made = await asking.made()
    token = intake.runtime.extras["vault"].references.token(report_of(made["service_request_id"]))

    found = asking.content(await asking.get(f"tokens/{token}"))

    assert found == [{"service_request_id": made["service_request_id"], "token": token}]


async def test_tokens_cannot_be_made_from_ids(asking: Asking) -> None:
    made = await asking.made()
    guess = made["service_request_id"].replace("-", "")

    for token in ("nonsense", guess, guess + "0" * 16, "井盖", "0" * 48):
        answer = await asking.get(f"tokens/{token}")
        assert answer.status_code == 404
        assert asking.content(answer) == [{"code": "404", "description": "token was not found"}]


async def test_the_same_key_has_one_effect(asking: Asking, intake: Twin) -> None:
    key = {"Idempotency-Key": "5f7c3f0e-6a8e-4c3f-8a4e-1b1f5d1c9a11"}
    first = await asking.post(REQUEST, **key)
    again = await asking.post(REQUEST, **key)
    other = await asking.post({**REQUEST, "description": "else"}, **key)

    assert asking.content(again) == asking.content(first)
    assert other.status_code == 400
    await eventually(lambda: intake.published(CaseOpened))
    assert len(intake.published(ReportReceived)) == 1


async def test_multipart_says_the_same_but_takes_no_files(asking: Asking, intake: Twin) -> None:
    url = f"/open311/v2/requests.{asking.format}"
    fields = {name: (None, str(value)) for name, value in REQUEST.items()}

    taken = await intake.http.post(url, files=fields)
    refused = await intake.http.post(
        url, files={**fields, "media": ("x.jpg", b"\xff\xd8", "image/jpeg")}
    )

    assert (taken.status_code, refused.status_code) == (200, 400)
    assert "media_url" in asking.content(refused)[0]["description"]


async def test_only_an_address_is_a_place_too(asking: Asking, intake: Twin) -> None:
    request = {"service_code": COVER, "address_string": "12 Secret Lane", "address_id": "a-7"}
    [made] = asking.content(await asking.post(request))

    [opened] = await eventually(lambda: intake.published(CaseOpened))
    await intake.settled()
    assert (opened.located, opened.point) == (False, None)
    [shown] = asking.content(await asking.get(f"requests/{made['service_request_id']}"))
    assert (shown["lat"], shown["address_id"], shown["address"]) == (
        None, None, "Grid 410199, Lanhe District",
    )  # fmt: skip


async def test_whoever_works_on_it_reads_the_address(
    asking: Asking, intake: Twin, service: dict[str, str]
) -> None:
    await asking.made(description="loose", address_string="12 Secret Lane")
    [opened] = await eventually(lambda: intake.published(CaseOpened))
    await intake.settled()

    url = f"/vault/cases/{opened.case}/words?purpose=handle-task"
    words = (await intake.http.get(url, headers=service)).json()
    assert words["text"] == "loose\nPlace: 12 Secret Lane"


async def test_a_rejected_report_is_kept_and_the_answer_says_why(
    asking: Asking, intake: Twin
) -> None:
    outside = {"lat": OUTSIDE["lat"], "long": OUTSIDE["lon"]}
    answer = await asking.post({**REQUEST, **outside})

    assert answer.status_code == 400
    [error] = asking.content(answer)
    assert error["description"].startswith("The place is outside this district.")
    [report] = await eventually(lambda: intake.published(ReportReceived))
    await intake.settled()
    entry = await intake.runtime.extras["vault"].report(report.report)
    assert entry.receipt in error["description"]
    [shown] = asking.content(await asking.get(f"requests/{report.report.removeprefix('report:')}"))
    assert (shown["status"], shown["status_notes"]) == (
        "closed", "The place is outside this district.",
    )  # fmt: skip
