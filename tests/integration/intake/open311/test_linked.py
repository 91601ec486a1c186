"""Requests that stand behind one case."""

from typing import Any

import pytest

from case_contracts.events.dispatch import CaseClosed
from case_contracts.events.intake import DuplicateRule, ReportLinked
from service_kit import clock
from tests.integration.intake.open311.conftest import Asking, case_of, listed, report_of, say
from tests.support.twin import Twin, eventually


@pytest.fixture
def duplicates() -> tuple[DuplicateRule, ...]:
    return (DuplicateRule(matters=("*",), metres=50, hours=72, link_from=0.65),)


async def test_what_is_linked_has_its_own_id_and_the_common_status(
    asking: Asking, intake: Twin
) -> None:
    """Two requests for the same thing at the same place: the second joins the first one's case."""
    first, second = [(await asking.made())["service_request_id"] for _ in "12"]
    [linked] = await eventually(lambda: intake.published(ReportLinked))
    await intake.settled()
    assert linked.report == report_of(second)
    await listed(intake, second)
    await say(intake, CaseClosed, await case_of(intake, first), closed_at=clock.now())

    assert await _ids(asking, status="closed") == [second, first]
    for request in (first, second):
        [shown] = asking.content(await asking.get(f"requests/{request}"))
        assert shown["status"] == "closed"


async def _ids(asking: Asking, **filters: Any) -> list[str]:
    found = asking.content(await asking.get("requests", **filters))
    return [each["service_request_id"] for each in found]
