"""Households on maps and lists, without telling small counts."""

from typing import Any

import pytest

from service_kit import clock
from tests.integration.registry.households.asked import FILES, get, home, need, send
from tests.integration.registry.test_loading import Headers, load
from tests.support.twin import Twin
from tests.unit.registry.small import edited


@pytest.fixture
async def many(loaded: Twin, operator: Headers) -> Twin:
    """Seven and six households that live alone; two more of limited mobility."""
    for grid, count in (("410101", 7), ("410102", 6)):
        for n in range(count):
            entry = (await send(loaded, "/households", operator, home(grid)))["entry"]
            kinds = ["lives-alone"] + ["limited-mobility"] * (n == 0)
            for kind in kinds:
                await send(loaded, f"/households/{entry}/needs", operator, need(kind=kind))
    return loaded


async def test_the_map_counts_households_without_telling_small_counts(
    many: Twin, reader: Headers
) -> None:
    said = await get(many, "/grids/41/household-map", reader)
    counts = {r["grid"]: (r["needs"]["lives-alone"], r["needs"]["limited-mobility"])
              for r in said["rows"]}  # fmt: skip
    assert counts == {
        "41": (13, None), "4101": (13, None), "410101": (7, None), "410102": (6, None),
    }  # fmt: skip
    assert said["kinds"]["lives-alone"] == {"zh": "独居", "en": "Lives alone"}
    assert all(row["total"] is None for row in said["rows"])
    rows = await many.runtime.database["vault_audit"].find({"what": "statistics"}).to_list(None)
    assert [(r["who"], r["subject"], r["entries"]) for r in rows] == [("p-000009", "grid:41", 13)]


async def test_a_part_of_the_map_is_the_map_of_that_part(many: Twin, reader: Headers) -> None:
    whole = (await get(many, "/grids/41/household-map", reader))["rows"]
    [street] = (await get(many, "/grids/4101/household-map?depth=0", reader))["rows"]
    [unit] = (await get(many, "/grids/410102/household-map", reader))["rows"]
    assert [street, unit] == [row for row in whole if row["grid"] in ("4101", "410102")]
    await get(many, "/grids/4199/household-map", reader, 404)


async def test_needs_follow_consent_on_the_map(
    many: Twin, reader: Headers, operator: Headers, moved: Any
) -> None:
    listed = await get(many, "/households?grid=410102", operator)
    assert (listed["total"], len(listed["households"])) == (6, 6)
    for each in listed["households"][:2]:
        await send(many, f"/households/{each['entry']}/erasure", operator)
    [row] = (await get(many, "/grids/410102/household-map", reader))["rows"]
    assert row["needs"]["lives-alone"] is None
    moved(101)
    for each in (await get(many, "/grids/41/household-map", reader))["rows"]:
        assert set(each["needs"].values()) == {None}, "swept or not"


async def test_another_ground_is_not_counted(many: Twin, reader: Headers, writer: Headers) -> None:
    """Two grounds with the same needs would tell small counts by their difference."""
    before = clock.now()
    changed = edited("grids/unit.geojson", '"name_en":"410102"',
                     '"name_en":"410102","households":120', FILES)  # fmt: skip
    changed = edited("grids/unit.geojson", '"households":120',
                     f'"households":120,"valid_from":"{before.isoformat()}"', changed)  # fmt: skip
    answer = await load(many, writer, changed)
    assert answer.status_code == 200, answer.text
    then = before.isoformat().replace("+00:00", "Z")
    now = await get(many, "/grids/41/household-map", reader)
    assert now["counted_at"] is not None
    earlier = await get(many, "/grids/41/household-map?at=2021-01-01T00:00:00Z", reader)
    assert (earlier["counted_at"], earlier["rows"][0]["needs"]) == (None, {})
    at_that = await get(many, f"/grids/41/household-map?at={then}", reader)
    assert at_that["counted_at"] is not None
    assert [row["households"] for row in at_that["rows"]][-1] == 120


async def test_pages_of_the_list(many: Twin, operator: Headers) -> None:
    first = await get(many, "/households?grid=41&limit=10", operator)
    last = first["households"][-1]["entry"]
    rest = await get(many, f"/households?grid=41&limit=10&after={last}", operator)
    assert (first["total"], len(first["households"]), len(rest["households"])) == (13, 10, 3)
    entries = [each["entry"] for page in (first, rest) for each in page["households"]]
    assert entries == sorted(set(entries))
    await get(many, "/households?grid=4199", operator, 404)
