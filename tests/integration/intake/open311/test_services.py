"""GET services, definitions and discovery: what can be reported, and what is asked of it."""

import pytest

from tests.integration.intake.open311.conftest import COVER, HEAP, V2, Asking
from tests.support.small_district import MANHOLE, NOISE
from tests.support.twin import Twin


async def test_the_service_list(asking: Asking) -> None:
    found = {s["service_code"]: s for s in asking.content(await asking.get("services"))}

    assert set(found) == {COVER, HEAP, NOISE.replace("/", "_"), "other"}
    assert found[COVER] == {
        "service_code": COVER,
        "service_name": f"Matter {MANHOLE}",
        "description": "Conditions: Missing, Loose",
        "metadata": "true",
        "type": "realtime",
        "keywords": "part, utilities, manhole cover",
        "group": "Public facilities",
    }
    assert [found[HEAP]["type"], found["other"]["type"]] == ["batch", "batch"]
    assert found[NOISE.replace("/", "_")]["metadata"] == "false"


@pytest.mark.parametrize(
    ("accept", "group"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "部件"), ("en-GB,en;q=0.9", "Public facilities"), ("", "部件"),
     ("fr, en;q=0.2, zh;q=0.1", "Public facilities")],
)  # fmt: skip
async def test_names_are_in_the_language_asked_for(intake: Twin, accept: str, group: str) -> None:
    answer = await intake.http.get(f"{V2}/services.json", headers={"Accept-Language": accept})
    assert answer.json()[0]["group"] == group
    assert answer.headers["vary"] == "Accept-Language"


async def test_a_definition_asks_for_the_condition(asking: Asking) -> None:
    found = asking.content(await asking.get(f"services/{COVER}"))

    condition, limits = found["attributes"]
    assert found["service_code"] == COVER
    assert (condition["code"], condition["datatype"]) == ("condition", "singlevaluelist")
    assert (condition["variable"], condition["required"], condition["order"]) == (
        "true", "false", "1",
    )  # fmt: skip
    assert condition["values"] == [
        {"key": "missing", "name": "Missing"}, {"key": "loose", "name": "Loose"},
    ]  # fmt: skip
    assert (limits["variable"], limits["code"]) == ("false", "limits")
    assert limits["description"] == "To be done within: Missing 2 hours, Loose 2 hours"


async def test_without_a_default_the_condition_is_required_or_not_sure(asking: Asking) -> None:
    condition = asking.content(await asking.get(f"services/{HEAP}"))["attributes"][0]

    assert condition["required"] == "true"
    assert [each["key"] for each in condition["values"]] == ["heap", "scattered", "_unsure"]


async def test_discovery(asking: Asking, intake: Twin) -> None:
    answer = await intake.http.get(f"/open311/discovery.{asking.format}")
    found = asking.content(answer)

    [endpoint] = found["endpoints"]
    assert endpoint["url"] == "http://service/open311/v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert {"changeset", "contact", "key_service"} < set(found)
