"""What the published swagger makes up, sent to the service. Its own picture of answers is not
the specification's (one request is an object there, nothing may be null): the JSON Schemas judge
those. Here every answer is Open311's, and none is an error of ours."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.result import Ok

from tests.integration.intake.open311.conftest import Asking
from tests.support.data import require_data
from tests.support.fuzz import EACH, NUMBER
from tests.support.twin import Twin

pytestmark = pytest.mark.timeout(300)
EXPECTED = {200, 400, 403, 404}


def swagger() -> dict[str, Any]:
    """With the path that the specification has for one request, and our two formats."""
    text = require_data("open311", "swagger.json").read_text()
    found: dict[str, Any] = json.loads(text.replace('"/request/', '"/requests/'))
    found["parameters"]["response_format"]["enum"] = ["json", "xml"]
    found["parameters"]["jurisdiction_id"]["enum"] = ["lanhe", "elsewhere.gov"]
    return found


async def test_whatever_the_swagger_makes_up(address: str, intake: Twin) -> None:
    await Asking(intake, "json").made()
    statuses = await asyncio.to_thread(_send, f"{address}/open311/v2")

    print(dict(statuses))  # noqa: T201  (counted)
    assert {status for _, status in statuses} <= EXPECTED
    assert len({operation for operation, _ in statuses}) == 6
    assert any(status == 200 for _, status in statuses)


def _send(base_url: str) -> Counter[tuple[str, int]]:
    statuses: Counter[tuple[str, int]] = Counter()
    schema = schemathesis.openapi.from_dict(swagger())
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @seed(NUMBER)
        @settings(
            max_examples=EACH * 4, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def one(case: Any) -> None:
            answer = case.call(base_url=base_url)
            statuses[(case.operation.label, answer.status_code)] += 1
            kind = answer.headers["content-type"][0].split(";")[0]
            assert kind in {"application/json", "text/xml"}

        one()
    return statuses
