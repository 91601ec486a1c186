"""The sample district: complete, tiling, within its size, and the same bytes each time."""

from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import shapely
from pydantic import BaseModel
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from case_contracts.district import DistrictBundle, Raw
from case_contracts.events import registry
from case_contracts.events.intake import Channel
from civicgrid.district_dir import read_district
from civicgrid.reports_file import ReportLine, read_reports
from civicgrid.sample import generate

SAMPLE = Path(__file__).parents[3] / "deploy/sample"
COUNTS = {"district": 1, "street": 12, "community": 162, "base": 396, "unit": 1144}


@pytest.fixture(scope="module")
def bundle() -> DistrictBundle:
    return read_district(SAMPLE)


@pytest.fixture(scope="module")
def reports() -> list[ReportLine]:
    return [
        line for line in read_reports(SAMPLE / "reports.ndjson") if isinstance(line, ReportLine)
    ]


@pytest.fixture(scope="module")
def shapes(bundle: DistrictBundle) -> dict[str, BaseGeometry]:
    return {grid.value["grid"]: shape(grid.value["geometry"]) for grid in bundle.grids}


def level(bundle: DistrictBundle, name: str) -> list[Raw]:
    return [grid for grid in bundle.grids if grid.value["level"] == name]


def test_generating_again_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in _files(tmp_path)}
    kept = {path.relative_to(SAMPLE): path.read_bytes() for path in _files(SAMPLE)}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_another_seed_gives_another_district(tmp_path: Path) -> None:
    generate(tmp_path, seed=1)
    unit = "grids/unit.geojson"
    assert (tmp_path / unit).read_bytes() != (SAMPLE / unit).read_bytes()
    assert len(read_district(tmp_path).grids) == sum(COUNTS.values())


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in _files(SAMPLE)) <= 5 * 1024 * 1024


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_the_tree_has_the_levels_and_the_codes_say_the_parent(bundle: DistrictBundle) -> None:
    assert Counter(grid.value["level"] for grid in bundle.grids) == COUNTS
    lengths = {"district": 6, "street": 9, "community": 12, "base": 13, "unit": 15}
    for grid in bundle.grids:
        code, parent = grid.value["grid"], grid.value["parent"]
        assert len(code) == lengths[grid.value["level"]]
        assert code.startswith(parent or "")
    names = [grid.value["name"]["en"] for grid in bundle.grids]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", COUNTS)
def test_each_level_tiles_the_district(
    name: str, bundle: DistrictBundle, shapes: dict[str, BaseGeometry]
) -> None:
    tiles = [shapes[grid.value["grid"]] for grid in level(bundle, name)]
    assert all(tile.is_valid for tile in tiles)
    assert shapely.coverage_is_valid(tiles)
    whole = shapely.coverage_union_all(tiles)
    assert whole.equals(shapes["410199"])


def test_children_fill_their_parents(
    bundle: DistrictBundle, shapes: dict[str, BaseGeometry]
) -> None:
    children: dict[str, list[BaseGeometry]] = {}
    for grid in bundle.grids:
        children.setdefault(grid.value["parent"], []).append(shapes[grid.value["grid"]])
    for parent, parts in children.items():
        if parent:
            assert shapely.coverage_union_all(parts).equals(shapes[parent])


def test_every_item_is_what_the_registry_takes(bundle: DistrictBundle) -> None:
    models: dict[type[BaseModel], list[Raw]] = {
        registry.DepartmentRegistered: bundle.departments,
        registry.PostingStarted: bundle.postings,
        registry.PortfolioAssigned: bundle.portfolios,
        registry.CharterGranted: bundle.charters,
        registry.MatterAdmitted: bundle.admissions,
        registry.StandardPublished: [bundle.standard],
        registry.CalendarPublished: [bundle.calendar],
        registry.DistrictPublished: [bundle.head],
    }
    for model, items in models.items():
        for item in items:
            model.model_validate(item.value, extra="forbid")
    for grid in bundle.grids:
        registry.GridPublished.model_validate(grid.value | {"path": []}, extra="forbid")


def test_every_grid_has_one_accountable_person(bundle: DistrictBundle) -> None:
    accountable = Counter(
        post.value["grid"] for post in bundle.postings if post.value["accountable"]
    )
    assert accountable == {grid.value["grid"]: 1 for grid in bundle.grids}
    people = [post.value["person"] for post in bundle.postings]
    assert len(set(people)) == len(people)


def test_matters_of_all_classes_and_some_led_by_nobody(bundle: DistrictBundle) -> None:
    standard = registry.StandardPublished.model_validate(bundle.standard.value)
    assert len(standard.matters) == 60
    assert len({matter.matter_class for matter in standard.matters}) == 6
    assert all(1 <= len(matter.conditions) <= 4 for matter in standard.matters)
    limits = {
        condition.handle.unit
        for m in standard.matters
        for condition in m.conditions
        if condition.handle
    }
    assert limits == {"working_hours", "working_days", "hours"}
    led = [p for c in bundle.charters if c.value["role"] == "lead" for p in c.value["matters"]]
    unled = {m.code for m in standard.matters if not any(fnmatchcase(m.code, p) for p in led)}
    admitted = {admission.value["matter"] for admission in bundle.admissions}
    assert len(unled & admitted) >= 5
    assert unled - admitted
    assert len(standard.matters) - len(unled) >= 30


def test_no_matter_is_led_by_two_departments(bundle: DistrictBundle) -> None:
    standard = registry.StandardPublished.model_validate(bundle.standard.value)
    for matter in standard.matters:
        leaders = {
            charter.value["department"]
            for charter in bundle.charters
            for pattern in charter.value["matters"]
            if charter.value["role"] == "lead" and fnmatchcase(matter.code, pattern)
        }
        assert len(leaders) <= 1


def test_reports_are_a_plausible_mix(
    reports: list[ReportLine], shapes: dict[str, BaseGeometry]
) -> None:
    assert len(reports) == len({report.ref for report in reports}) == 1500
    assert [report.reported_at for report in reports] == sorted(r.reported_at for r in reports)
    assert len({report.text for report in reports}) > 1300
    share = {
        "contact": sum(report.contact is not None for report in reports) / 1500,
        "nowhere": sum(report.point is None for report in reports) / 1500,
        "staff": sum(report.by is not None for report in reports) / 1500,
        "about": sum(report.about is not None for report in reports) / 1500,
        "unknown": sum("/" not in report.matter for report in reports) / 1500,
    }
    assert 0.5 < share["contact"] < 0.7
    assert 0.03 < share["nowhere"] < 0.12
    assert 0.05 < share["staff"] < 0.2
    assert 0.005 < share["about"] < 0.05
    assert 0.005 < share["unknown"] < 0.05
    outside = [r for r in reports if r.point and not _in(shapes["410199"], r)]
    assert 0.005 < len(outside) / 1500 < 0.05


def test_a_patrol_report_lies_in_the_workers_own_grid(
    reports: list[ReportLine], bundle: DistrictBundle, shapes: dict[str, BaseGeometry]
) -> None:
    grids = {post.value["person"]: post.value["grid"] for post in bundle.postings}
    patrols = [report for report in reports if report.channel is Channel.PATROL]
    assert patrols
    assert all(report.by and _in(shapes[grids[report.by]], report) for report in patrols)


def _in(outline: BaseGeometry, report: ReportLine) -> bool:
    assert report.point
    return bool(shapely.contains_xy(outline, report.point.lon, report.point.lat))
