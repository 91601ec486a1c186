"""A resident's case has no view until something changes it: whoever asks for it finds it."""

import pytest

from case_contracts.events.dispatch import TaskAccepted
from intake.aggregates import AGGREGATES
from service_kit.verify import Verified, verify
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.twin import DISTRICT, Twin, eventually

REPORT = {"matter": MANHOLE, "point": IN_WEST}


async def _reported(intake: Twin, headers: dict[str, str] | None = None, **more: str) -> str:
    answer = await intake.http.post("/reports", json={**REPORT, **more}, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["case"])


async def _version(intake: Twin, case: str) -> int | None:
    view = await intake.runtime.database["view_case"].find_one({"_id": case})
    return None if view is None else int(view["version"])


async def _violations(intake: Twin) -> list[str]:
    service = Verified("intake", intake.runtime.database, AGGREGATES)
    report = await verify([service], district=DISTRICT)
    return [violation.what for violation in report.violations]


async def test_it_is_found_without_one(intake: Twin, staff: dict[str, str]) -> None:
    case = await _reported(intake)

    assert await _version(intake, case) is None
    answer = await intake.http.get(f"/cases/{case}", headers=staff)
    assert (answer.status_code, answer.json()["matter"]) == (200, MANHOLE)
    assert await _violations(intake) == []


async def test_one_that_somebody_answers_for_has_one(intake: Twin, staff: dict[str, str]) -> None:
    assert await _version(intake, await _reported(intake, staff, channel="hotline")) == 1


async def test_it_has_one_once_it_has_changed(intake: Twin, staff: dict[str, str]) -> None:
    case = await _reported(intake)
    accepted = {**TaskAccepted.EXAMPLE, "case": case, "receiver": "p-000123"}
    await intake.say(TaskAccepted.model_validate(accepted), case)

    async def changed() -> bool:
        return await _version(intake, case) == 2

    await eventually(changed)
    answer = await intake.http.get(f"/cases/{case}", headers=staff)
    assert (answer.status_code, answer.json()["matter"]) == (200, MANHOLE)
    assert await _violations(intake) == []


@pytest.mark.parametrize("version", ["", ":1"])
async def test_what_is_no_case_is_none(intake: Twin, staff: dict[str, str], version: str) -> None:
    answer = await intake.http.post("/reports", json=REPORT)
    said = answer.json()

    for other in (said["report"], f"{said['case']}:1", "case:none"):
        found = await intake.http.get(f"/cases/{other}{version}", headers=staff)
        assert found.status_code == 404, other
