"""Real territories as districts: their grids from public files, the rest as small as it can be."""

import json
from pathlib import Path
from typing import Any

from case_contracts.district import DistrictBundle, Raw
from civicgrid.district_dir import raw, read_district
from civicgrid.local.paths import checkout
from civicgrid.onboard.grids import Territory, territory
from civicgrid.onboard.load import load_config
from tests.support.data import require_data
from tests.unit.registry.small import DISTRICT, bundle

BEIJING = """\
district: beijing
name: {zh: 北京市, en: Beijing}
zone: Asia/Shanghai
language: zh
valid_from: 2014-01-01T00:00:00+08:00
grids:
  root: {id: "110000", level: city, outline: district}
  levels:
    - level: district
      file: ${CIVICGRID_DATA}/beijing_grid_zh/beijing_districts.geojson
      id: "{code:.0f}"
      name: {zh: "{Name}", en: "{pinyin}"}
    - level: subdistrict
      file: ${CIVICGRID_DATA}/beijing_grid_zh/beijing_subdistricts.geojson
      id: "{code:.0f}"
      name: {zh: "{Name}", en: "{pinyin}"}
      parent: "{parentCode:.0f}"
calendar: {id: beijing-work, hours: "1-5 09:00-18:00"}
# There are no requests of Beijing: only its grids are read.
requests:
  file: ${CIVICGRID_DATA}/README.md
  columns: {ref: none, reported_at: none, item: none}
  time: "%Y"
matters: {condition: {name: {zh: 上报, en: Reported}, closing: {zh: 办结, en: Done}}}
posts: [{level: subdistrict, role: worker, accountable: true}]
"""
CODES = {
    "boston": {"ward": "ward-[0-9]{2}", "precinct": "precinct-[0-9]{4}[A-Z]?"},
    "beijing": {"district": "[0-9]{12}", "subdistrict": "[0-9]{12}"},
    "tainan": {"town": "67[0-9]{6}", "village": "{parent}-?[0-9]{3}"},
}


def city(name: str, folder: Path) -> tuple[DistrictBundle, Territory]:
    """The district, and what was found of its grids; outlines that were invalid are repaired."""
    config = checkout() / "deploy" / "onboarding" / f"{name}.yaml"
    if name == "beijing":
        config = folder / "beijing.yaml"
        config.write_text(BEIJING, encoding="utf-8")
    data = require_data("boston").parent
    source = load_config(config, {"CIVICGRID_DATA": str(data)})
    found = territory(source)
    return district(found.grids, found.levels, source.config.zone, CODES[name]), found


def sample() -> DistrictBundle:
    """The generated district of 1,144 unit grids."""
    return read_district(checkout() / "deploy" / "sample")


def district(
    grids: list[Raw], levels: list[str], zone: str, codes: dict[str, str]
) -> DistrictBundle:
    """These grids with one accountable person in each of the lowest, and no departments."""
    small = bundle()
    lowest = [grid.value["grid"] for grid in grids if grid.value["level"] == levels[-1]]
    since = {"valid_from": "2014-01-01T00:00:00+08:00"}
    head = small.head.value | since | {
        "district": DISTRICT, "levels": levels, "zone": zone, "codes": codes,
        "root_grid": grids[0].value["grid"],
    }  # fmt: skip
    return DistrictBundle(
        head=raw(head),
        standard=raw(small.standard.value | since),
        calendar=raw(small.calendar.value | since),
        grids=[raw(grid.value | since, _file(grid)) for grid in grids],
        postings=[_posting(code) for code in lowest],
    )


def as_given(bundle: DistrictBundle, file: Path, code: Any) -> DistrictBundle:
    """The district with the outlines of a file as they stand in it, whether valid or not."""
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    drawn = {code(each["properties"]): each["geometry"] for each in features}
    for grid in bundle.grids:
        if grid.value["grid"] in drawn:
            grid.value["geometry"] = drawn[grid.value["grid"]]
    return bundle


def _file(grid: Raw) -> str:
    return f"grids/{grid.value['level']}.geojson"


def _posting(code: str) -> Raw:
    return raw({
        "posting": f"posting:{code}:1", "person": f"p-{code}", "role": "worker", "grid": code,
        "accountable": True, "valid_from": "2014-01-01T00:00:00+08:00",
    })  # fmt: skip
