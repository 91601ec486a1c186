"""Boston's second quarter through the same door as any city, against the data's own answers."""

import json
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from case_contracts.district import DistrictBundle
from civicgrid.district_dir import read_district
from civicgrid.onboard import OnboardReport, onboard
from civicgrid.reports_file import AnswerLine, ReportLine, read_answers, read_reports

pytestmark = pytest.mark.timeout(300)
CONFIG = Path(__file__).parents[3] / "deploy/onboarding/boston.yaml"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("boston")


@pytest.fixture(scope="module")
def report(out: Path, request: pytest.FixtureRequest) -> OnboardReport:
    data_dir: Path = request.getfixturevalue("data_dir")
    return onboard(CONFIG, out, variables={"CIVICGRID_DATA": str(data_dir)})


@pytest.fixture(scope="module")
def bundle(out: Path, report: OnboardReport) -> DistrictBundle:
    return read_district(out)


@pytest.fixture(scope="module")
def lines(out: Path, report: OnboardReport) -> list[tuple[ReportLine, AnswerLine]]:
    reports = [r for r in read_reports(out / "reports.ndjson") if isinstance(r, ReportLine)]
    answers = [a for a in read_answers(out / "answers.ndjson") if isinstance(a, AnswerLine)]
    assert [r.ref for r in reports] == [a.ref for a in answers]
    return list(zip(reports, answers, strict=True))


def test_every_row_is_accounted_for(report: OnboardReport) -> None:
    assert report.rows_read == 31_331
    assert report.rows_taken + sum(report.refused.values()) == 31_331
    assert report.rows_taken == 31_331
    assert report.closed_before_opened == 84
    assert report.without_location == 4_099


def test_the_territory(report: OnboardReport, bundle: DistrictBundle) -> None:
    assert report.grids == {"city": 1, "ward": 22, "precinct": 255}
    assert len(report.grids_repaired) == 5
    assert all(shape(grid.value["geometry"]).is_valid for grid in bundle.grids)
    assert report.departments == 17


def test_limits_meet_the_citys_targets(report: OnboardReport) -> None:
    assert report.targets == 25_449
    assert report.targets_of_limits == 14_565
    assert report.share_met
    assert report.share_met >= 0.99
    assert report.share_not_explained == pytest.approx(0.43, abs=0.005)
    assert report.limits_of_nothing == ["BWSC General Request"]


def test_closed_exactly_where_the_city_says(lines: list[tuple[ReportLine, AnswerLine]]) -> None:
    recorded = [report.recorded and report.recorded.closed_at for report, _ in lines]
    assert recorded == [answer.closed_at for _, answer in lines]
    assert sum(closed is not None for closed in recorded) == 27_211


def test_the_ward_of_the_point_is_the_rows_own(
    bundle: DistrictBundle, lines: list[tuple[ReportLine, AnswerLine]]
) -> None:
    precincts = [grid.value for grid in bundle.grids if grid.value["level"] == "precinct"]
    tree = shapely.STRtree([shape(precinct["geometry"]) for precinct in precincts])
    placed = [(r.point, a.grids["ward"]) for r, a in lines if r.point and "ward" in a.grids]
    points = shapely.points([(point.lon, point.lat) for point, _ in placed])
    wards: dict[int, str] = {}
    for number, precinct in zip(*tree.query(points, predicate="intersects"), strict=True):
        wards.setdefault(int(number), precincts[int(precinct)]["parent"])
    agreeing = sum(wards.get(n) == ward for n, (_, ward) in enumerate(placed))
    assert len(placed) > 27_000
    assert agreeing / len(placed) >= 0.985


def test_it_is_small_enough_to_send(out: Path, bundle: DistrictBundle) -> None:
    assert len(json.dumps(bundle.model_dump(mode="json"))) < 4 * 1024 * 1024
