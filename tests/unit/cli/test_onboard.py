"""Onboarding a small city: what becomes of its boundaries, rows, matters and limits."""

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from shapely.geometry import shape

from case_contracts.district import DistrictBundle
from case_contracts.events import registry
from civicgrid.district_dir import read_district
from civicgrid.onboard import OnboardReport, onboard, report_table
from civicgrid.onboard.slugs import slug, slugs
from civicgrid.reports_file import AnswerLine, ReportLine, read_answers, read_reports
from tests.unit.cli.city import CONFIG, write_city


class Onboarded:
    """A city that has been onboarded: the report and what was written."""

    def __init__(self, folder: Path, config: str = CONFIG) -> None:
        self.out = folder / "out"
        variables = {"CITY": str(folder)}
        self.report: OnboardReport = onboard(
            write_city(folder, config), self.out, variables=variables
        )
        self.bundle: DistrictBundle = read_district(self.out)
        reports = list(read_reports(self.out / "reports.ndjson"))
        answers = list(read_answers(self.out / "answers.ndjson"))
        self.reports = {line.ref: line for line in reports if isinstance(line, ReportLine)}
        self.answers = {line.ref: line for line in answers if isinstance(line, AnswerLine)}
        assert len(self.reports) == len(reports)
        assert len(self.answers) == len(answers)

    def grid(self, code: str) -> dict[str, Any]:
        return next(grid.value for grid in self.bundle.grids if grid.value["grid"] == code)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Onboarded:
    return Onboarded(tmp_path_factory.mktemp("city"))


def test_rows_are_taken_or_refused_with_a_reason(city: Onboarded) -> None:
    assert city.report.rows_read == 11
    assert city.report.refused == {
        "closed before it was opened": 1,
        "a trial entry": 1,
        "not a category of ours": 1,
        "时间 is not a time": 1,
        "reference given twice": 1,
        "no matter": 1,
        "coordinates are not numbers": 1,
    }
    assert city.report.refused_first_line["时间 is not a time"] == 8
    assert sorted(city.reports) == ["1", "2", "3", "7"]
    assert city.report.rows_taken == 4


def test_a_row_becomes_a_report_and_an_answer(city: Onboarded) -> None:
    report, answer = city.reports["1"], city.answers["1"]
    assert report.reported_at == datetime.fromisoformat("2015-04-29T10:00:00+08:00")
    assert (report.channel, report.text, report.language) == ("hotline", "路口有坑", "zh")
    assert report.point
    assert (report.point.lon, report.point.lat) == (120.15, 30.05)
    assert report.recorded
    assert report.recorded.closed_at == answer.closed_at
    assert (answer.on_time, answer.grids) == (True, {"town": "town-01"})
    assert city.answers["2"].on_time is False
    assert city.answers["3"].on_time is None


def test_a_coordinate_that_means_nothing_is_no_location(city: Onboarded) -> None:
    assert city.reports["3"].point is None
    assert city.report.without_location == 1


def test_the_items_name_stands_for_words_that_are_missing(city: Onboarded) -> None:
    assert city.reports["7"].text == "坑洼"


def test_rows_closed_before_they_open_are_kept_when_wanted(tmp_path: Path) -> None:
    config = CONFIG.replace("requests:\n", "requests:\n  closed_before_opened: keep\n")
    kept = Onboarded(tmp_path, config)
    recorded = kept.reports["4"].recorded
    assert recorded
    assert recorded.closed_at
    assert recorded.closed_at < kept.reports["4"].reported_at
    assert kept.report.closed_before_opened == 1
    assert kept.reports["4"].matter == kept.reports["3"].matter


def test_grids_get_parents_by_where_they_lie(city: Onboarded) -> None:
    parents = {grid.value["grid"]: grid.value["parent"] for grid in city.bundle.grids}
    assert parents == {
        "city": None,
        "town-01": "city",
        "town-02": "city",
        "v11": "town-01",
        "v12": "town-01",
        "v21": "town-02",
        "v22": "town-02",
    }
    assert city.report.grids == {"city": 1, "town": 2, "village": 4}
    assert city.grid("v12")["name"] == {"zh": "乙村", "en": "Village v12"}


def test_an_invalid_outline_is_repaired_and_named(city: Onboarded) -> None:
    assert city.report.grids_repaired == ["v21"]
    assert city.grid("v21")["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_the_citys_outline_is_the_union_of_the_towns(city: Onboarded) -> None:
    outline = shape(city.grid("city")["geometry"])
    assert outline.bounds == pytest.approx((120.1, 30.0, 120.3, 30.2))
    assert outline.area == pytest.approx(0.04)


def test_matters_have_codes_that_fit_and_names_that_are_kept(city: Onboarded) -> None:
    standard = registry.StandardPublished.model_validate(city.bundle.standard.value)
    names = {matter.code: matter.name for matter in standard.matters}
    pothole, noise = city.reports["1"].matter, city.reports["3"].matter
    assert pothole.startswith("part/")
    assert noise.startswith("event/")
    assert (names[pothole].zh, names[pothole].en) == ("坑洼", "Pothole")
    assert (names[noise].zh, names[noise].en) == ("噪声扰民", "噪声扰民")
    assert city.report.matters == len(names) == 2


def test_limits_come_from_the_table_and_one_of_nothing_is_none(city: Onboarded) -> None:
    standard = registry.StandardPublished.model_validate(city.bundle.standard.value)
    limits = {matter.code: matter.conditions[0].handle for matter in standard.matters}
    pothole = limits[city.reports["1"].matter]
    assert pothole
    assert (pothole.amount, pothole.unit) == (2, "working_days")
    assert limits[city.reports["3"].matter] is None
    assert city.report.limits_of_nothing == ["噪声扰民"]


def test_targets_are_checked_against_the_calendar(city: Onboarded) -> None:
    # 1 May is a holiday: two working days from Wednesday end on Monday.
    assert (city.report.targets, city.report.targets_met) == (2, 2)
    assert city.report.share_not_explained == 0


def test_targets_without_the_holiday_are_not_explained(tmp_path: Path) -> None:
    holiday = "  holidays:\n    2015-05-01: {zh: 劳动节, en: Labour Day}\n"
    missed = Onboarded(tmp_path, CONFIG.replace(holiday, ""))
    assert (missed.report.targets_met, missed.report.share_not_explained) == (0, 1)


def test_the_most_frequent_department_leads(city: Onboarded) -> None:
    led = {
        matter: charter.value["department"]
        for charter in city.bundle.charters
        for matter in charter.value["matters"]
    }
    names = {one.value["department"]: one.value["name"]["zh"] for one in city.bundle.departments}
    assert names[led[city.reports["1"].matter]] == "公路局"
    assert names[led[city.reports["3"].matter]] == "城管局"
    assert all(charter.value["grid"] == "city" for charter in city.bundle.charters)


def test_everything_is_what_the_registry_takes(city: Onboarded) -> None:
    for charter in city.bundle.charters:
        registry.CharterGranted.model_validate(charter.value, extra="forbid")
    for department in city.bundle.departments:
        registry.DepartmentRegistered.model_validate(department.value, extra="forbid")
    for post in city.bundle.postings:
        registry.PostingStarted.model_validate(post.value, extra="forbid")
    for admission in city.bundle.admissions:
        registry.MatterAdmitted.model_validate(admission.value, extra="forbid")
    for grid in city.bundle.grids:
        registry.GridPublished.model_validate(grid.value | {"path": []}, extra="forbid")
    registry.StandardPublished.model_validate(city.bundle.standard.value, extra="forbid")
    registry.CalendarPublished.model_validate(city.bundle.calendar.value, extra="forbid")
    registry.DistrictPublished.model_validate(city.bundle.head.value, extra="forbid")


def test_the_report_is_a_table_and_a_file(city: Onboarded) -> None:
    written = json.loads((city.out / "onboarding-report.json").read_text(encoding="utf-8"))
    assert written == city.report.model_dump(mode="json")
    console = Console(width=120, record=True, file=StringIO())
    console.print(report_table(city.report))
    shown = console.export_text()
    assert "拒绝 refused: a trial entry" in shown
    assert "v21" in shown


def test_a_sample_of_the_rows(tmp_path: Path) -> None:
    config = CONFIG.replace("requests:\n", "requests:\n  take: {every: 2, limit: 1}\n")
    taken = Onboarded(tmp_path, config)
    assert list(taken.reports) == ["2"]
    assert taken.report.rows_not_sampled == 3
    assert taken.report.matters == 2


def test_a_city_that_names_no_departments_lists_them(tmp_path: Path) -> None:
    config = CONFIG.replace("    department: 单位\n", "").replace(
        "  legal_basis",
        "  listed:\n  - {department: roads, name: {zh: 公路局, en: Roads}, matters: [part/*]}\n"
        "  legal_basis",
    )
    listed = Onboarded(tmp_path, config)
    assert [one.value["department"] for one in listed.bundle.departments] == ["roads"]
    assert [charter.value["matters"] for charter in listed.bundle.charters] == [["part/*"]]


def test_a_configured_limit_wins_and_a_word_stands_for_no_item(tmp_path: Path) -> None:
    config = CONFIG.replace("matters:\n", "matters:\n  without_item: 其他\n", 1).replace(
        "limits:\n", "limits:\n  fixed: {坑洼: {amount: 3, unit: hours}}\n"
    )
    made = Onboarded(tmp_path, config)
    standard = registry.StandardPublished.model_validate(made.bundle.standard.value)
    matters = {matter.code: matter for matter in standard.matters}
    fixed = matters[made.reports["1"].matter].conditions[0].handle
    assert fixed
    assert (fixed.amount, fixed.unit) == (3, "hours")
    assert matters[made.reports["8"].matter].name.zh == "其他"
    assert "no matter" not in made.report.refused


def test_only_wanted_features_become_grids_with_their_households(tmp_path: Path) -> None:
    town = '      id: "town-{CODE:02}"\n'
    config = CONFIG.replace(town, town + '      where: {CODE: 1}\n      households: "{CODE}00"\n')
    config = config.replace(
        "    - level: village\n", "    - level: village\n      where: {ID: v11}\n"
    )
    made = Onboarded(tmp_path, config)
    assert made.report.grids == {"city": 1, "town": 1, "village": 1}
    assert made.grid("town-01")["households"] == 100


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    onboard(
        write_city(tmp_path),
        tmp_path / "out",
        lambda stage, _: told.append(stage),
        {"CITY": str(tmp_path)},
    )
    assert told[0] == "reading boundaries"
    assert told[-1] == "writing"


def test_slugs_are_stable_and_ascii() -> None:
    assert slug("Street Lights") == "street-lights"
    assert slug(" Café & Bar ") == "cafe-bar"
    assert slug("噪声扰民") == slug("噪声扰民 ") != slug("噪声扰人")
    assert slug("噪声扰民").isascii()
    assert len(slug("long " * 40)) <= 60


def test_names_that_would_share_a_slug_are_told_apart() -> None:
    made = slugs(["A & B", "A B", "C"])
    assert made["C"] == "c"
    assert made["A B"] != made["A & B"]
