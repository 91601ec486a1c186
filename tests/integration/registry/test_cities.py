"""Territories as they really are, through the registry's door, with what is wrong in each."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from case_contracts.district import DistrictBundle
from tests.integration.registry.test_loading import Headers
from tests.support.cities import as_given, city, sample
from tests.support.data import require_data
from tests.support.twin import Twin

pytestmark = [pytest.mark.timeout(900), pytest.mark.long]
Record = Callable[[str, object], None]
CITIES = [
    ("boston", {"city": 1, "ward": 22, "precinct": 255}, 5),
    ("beijing", {"city": 1, "district": 16, "subdistrict": 343}, 1),
    ("tainan", {"city": 1, "town": 37, "village": 649}, 1),
]


async def load(registry: Twin, writer: Headers, bundle: DistrictBundle) -> Any:
    body = bundle.model_dump(mode="json")
    return await registry.http.post("/districts", json=body, headers=writer, timeout=120)


async def report(registry: Twin, reader: Headers) -> Any:
    answer = await registry.http.get("/grids/findings?map=true", headers=reader, timeout=120)
    assert answer.status_code == 200, answer.text
    return answer.json()


def show(name: str, repaired: list[str], found: Any, record: Record) -> None:
    """What is wrong in it, for whoever reads the run."""
    counts = Counter(each["code"] for each in (*found["errors"], *found["warnings"]))
    lines = [f"{name}: {found['grids']}; repaired on the way in: {', '.join(repaired) or 'none'}"]
    lines += [f"  {code}: {count}" for code, count in counts.items()]
    lines += [f"    {each['message']}" for each in found["warnings"][:5]]
    print("\n".join(lines))  # noqa: T201
    record("report", lines)


@pytest.mark.parametrize(("name", "grids", "repaired"), CITIES)
async def test_a_city_is_loaded_and_reported_on(
    registry: Twin, writer: Headers, reader: Headers, tmp_path: Path, record_property: Record,
    name: str, grids: dict[str, int], repaired: int,
) -> None:  # fmt: skip
    bundle, territory = city(name, tmp_path)
    answer = await load(registry, writer, bundle)
    assert answer.status_code == 200, answer.text[:2000]
    assert answer.json()["published"]["grid.published.v1"] == sum(grids.values())
    found = await report(registry, reader)
    show(name, territory.repaired, found, record_property)
    assert found["grids"] == grids
    assert found["errors"] == []
    assert len(territory.repaired) == repaired
    if found["warnings"]:
        assert found["map"].startswith("<svg")
        assert len(found["map"]) < 2_000_000


async def test_outlines_of_boston_that_are_not_valid_are_refused_as_they_are(
    registry: Twin, writer: Headers, tmp_path: Path, record_property: Record
) -> None:
    bundle, territory = city("boston", tmp_path)
    folder = require_data("boston")
    bundle = as_given(bundle, folder / "boston_wards.geojson", lambda p: f"ward-{p['WARD']:02}")
    bundle = as_given(bundle, folder / "boston_precincts_wgs84.geojson",
                      lambda p: f"precinct-{p['WARD_PRECINCT']}")  # fmt: skip
    answer = await load(registry, writer, bundle)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "district_invalid")
    assert {each["code"] for each in problem["errors"]} == {"outline_invalid"}
    named = {each["grids"][0]: each["message"] for each in problem["errors"]}
    print("refused as they are:", *named.values(), sep="\n  ")  # noqa: T201
    record_property("refused", sorted(named))
    assert sorted(named) == sorted(territory.repaired)
    assert registry.publisher.envelopes == []


async def test_the_generated_district_has_nothing_wrong_in_it(
    registry: Twin, writer: Headers, reader: Headers, record_property: Record
) -> None:
    answer = await load(registry, writer, sample())
    assert (answer.status_code, answer.json()["warnings"]) == (200, [])
    found = await report(registry, reader)
    show("lanhe", [], found, record_property)
    assert found["grids"]["unit"] == 1144
    assert (found["errors"], found["warnings"], found["map"]) == ([], [], None)
    for path, body in await examples(registry):
        tried = await registry.http.post(f"{path}dry_run=true", json=body, headers=writer)
        assert tried.status_code == 200, (path, tried.text[:1000])
        assert tried.json()["published"]


async def examples(registry: Twin) -> list[tuple[str, Any]]:
    """The documented changes of the territory: they are about this district."""
    described = (await registry.http.get("/openapi.json")).json()
    found = []
    for path, operations in described["paths"].items():
        if path.startswith("/grids/") and "post" in operations:
            given = operations["post"]["parameters"]
            values = {each["name"]: each["schema"].get("examples", [None])[0] for each in given}
            schema = operations["post"]["requestBody"]["content"]["application/json"]["schema"]
            body = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["example"]
            query = "level=unit&reason=survey&" if path == "/grids/import" else ""
            found.append((path.replace("{code}", values.get("code") or "") + f"?{query}", body))
    assert len(found) == 6
    return found
