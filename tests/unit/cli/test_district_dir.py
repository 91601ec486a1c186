"""Reading and writing a district directory: nothing is lost, and every item knows its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from case_contracts.district import Origin
from civicgrid.district_dir import DistrictUnreadableError, read_district, write_district
from service_kit.reading.shifts import parse_shifts, write_shifts

FILES = {
    "district.yaml": """\
district: small
name: {zh: 小区, en: Small}
levels: [district, unit]
root_grid: "0012"
zone: Asia/Shanghai
calendar: work
standard: small
valid_from: 2026-01-01T00:00:00+08:00
departments:
- department: water
  name: {zh: 水务局, en: Water}
admissions:
- matter: event/water/leak
  proposed_by: water
  reviewed_by: p-2
  valid_from: 2026-02-01T00:00:00+08:00
""",
    "charters.yaml": """\
# what the department answers for
- charter: charter:water
  version: 1
  department: water
  matters: [event/water/*]
  grid: 0012
  role: lead
  powers: [repair]
  legal_basis: no. 7
  approved_by: [p-1, p-2]
""",
    "standard.yaml": """\
standard: small
version: 1
calendar: {id: work, version: 1}
matters:
- code: event/water/leak
  matter_class: event
  name: {zh: 漏水, en: Leak}
  conditions:
  - code: "1"
    name: {zh: 渗漏, en: Leak}
    handle: {amount: 1.5, unit: hours}
    closing: {zh: 修复, en: Repaired}
""",
    "calendar.yaml": """\
calendar: work
version: 1
zone: Asia/Shanghai
weekdays:
  1: [{start: 08:00, end: 12:00}]
exceptions:
- day: 2026-01-01
""",
    "postings.csv": """\
posting,person,role,grid,accountable,shifts
a,p-1,leader,0012,true,1-5 08:00-12:00; 6 09:00-10:00

b,p-2,worker,001201,false,
""",
    "portfolios.csv": """\
portfolio,person,departments,matters,grid
x,p-1,water other,event/* part/*,0012
""",
    "grids/district.geojson": """{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"grid": "0012", "parent": null, "name_zh": "区", "name_en": "D"},
 "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}]}
""",
    "grids/unit.geojson": """{"type": "FeatureCollection",
 "name": "units of \\"features\\"",
 "features": [
  {"type": "Feature",
   "properties": {"grid": "001201", "parent": "0012", "name_zh": "一", "name_en": "1", "OID": 7},
   "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}},

  {"type": "Feature",
   "properties": {"grid": "001202", "parent": "0012", "name_zh": "二", "name_en": "2"},
   "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [0, 0]]]}}
 ]
}
""",
}

Edit = Callable[[str, str, str], None]


@pytest.fixture
def district(tmp_path: Path) -> Path:
    (tmp_path / "grids").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def edit(district: Path) -> Edit:
    def change(file: str, old: str, new: str) -> None:
        text = (district / file).read_text(encoding="utf-8")
        assert old in text
        (district / file).write_text(text.replace(old, new), encoding="utf-8")

    return change


def errors(district: Path) -> list[tuple[str, str, int | None]]:
    with pytest.raises(DistrictUnreadableError) as caught:
        read_district(district)
    return [
        (error.code, error.origin.file, error.origin.line)
        for error in caught.value.errors
        if error.origin
    ]


def test_items_know_their_file_and_line(district: Path) -> None:
    bundle = read_district(district)
    places = {
        "charter": bundle.charters[0].origin,
        "department": bundle.departments[0].origin,
        "admission": bundle.admissions[0].origin,
        "portfolio": bundle.portfolios[0].origin,
    }
    assert {name: (origin.file, origin.line) for name, origin in places.items()} == {
        "charter": ("charters.yaml", 2),
        "department": ("district.yaml", 10),
        "admission": ("district.yaml", 13),
        "portfolio": ("portfolios.csv", 2),
    }
    assert [post.origin.line for post in bundle.postings] == [2, 4]
    assert [grid.origin.line for grid in bundle.grids] == [2, 4, 8]


def test_a_part_of_an_item_knows_its_line(district: Path) -> None:
    bundle = read_district(district)
    standard = bundle.standard.origin
    path = ("matters", 0, "conditions", 0, "handle", "amount")
    assert standard.at(path) == Origin(file="standard.yaml", line=11)
    assert standard.at(("matters", 0, "nothing")) == Origin(file="standard.yaml", line=5)
    assert standard.at(("nothing",)) == Origin(file="standard.yaml", line=1)
    assert bundle.charters[0].origin.at(("grid",)).line == 6
    assert bundle.head.origin.at(("zone",)).line == 5
    assert not [path for path in bundle.head.origin.parts if path.startswith("departments")]


def test_values_are_what_people_wrote(district: Path) -> None:
    bundle = read_district(district)
    assert bundle.charters[0].value["grid"] == "0012"
    assert bundle.charters[0].value["version"] == 1
    assert bundle.calendar.value["weekdays"] == {"1": [{"start": "08:00", "end": "12:00"}]}
    assert bundle.calendar.value["exceptions"] == [{"day": "2026-01-01"}]
    condition = bundle.standard.value["matters"][0]["conditions"][0]
    assert (condition["code"], condition["handle"]["amount"]) == ("1", 1.5)
    assert bundle.portfolios[0].value["departments"] == ["water", "other"]
    assert bundle.postings[0].value["accountable"] is True
    assert "shifts" not in bundle.postings[1].value


def test_valid_from_is_the_districts_where_it_is_left_out(district: Path) -> None:
    bundle = read_district(district)
    since = "2026-01-01T00:00:00+08:00"
    dated = [*bundle.grids, *bundle.postings, *bundle.portfolios, *bundle.charters]
    dated += [bundle.standard, bundle.calendar]
    assert {item.value["valid_from"] for item in dated} == {since}
    assert bundle.admissions[0].value["valid_from"] == "2026-02-01T00:00:00+08:00"
    assert "valid_from" not in bundle.departments[0].value


def test_what_is_written_reads_the_same(district: Path, tmp_path: Path) -> None:
    bundle = read_district(district)
    write_district(bundle, tmp_path / "copy")
    again = read_district(tmp_path / "copy")
    for name in ("departments", "grids", "postings", "portfolios", "charters", "admissions"):
        assert [item.value for item in getattr(again, name)] == [
            item.value for item in getattr(bundle, name)
        ]
    assert again.head.value == bundle.head.value
    assert again.standard.value == bundle.standard.value
    assert again.calendar.value == bundle.calendar.value


def test_all_errors_are_listed_at_once(district: Path, edit: Edit) -> None:
    edit("charters.yaml", "role: lead", "role: lead\n  role: support")
    edit("calendar.yaml", "weekdays:", "weekdays: [")
    edit("postings.csv", "p-1,leader", "p-1,leader,extra")
    edit("postings.csv", "false", "maybe")
    edit("grids/unit.geojson", '"OID": 7', '"OID": ')
    (district / "portfolios.csv").unlink()
    (district / "grids/street.geojson").write_text("{}", encoding="utf-8")
    assert sorted(errors(district)) == [
        ("cell_invalid", "postings.csv", 4),
        ("csv_cells", "postings.csv", 2),
        ("file_missing", "portfolios.csv", None),
        ("json_invalid", "grids/unit.geojson", 5),
        ("level_unknown", "grids/street.geojson", None),
        ("yaml_invalid", "calendar.yaml", 6),
        ("yaml_key_twice", "charters.yaml", 8),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("postings.csv", "role,", "rule,", [("column_missing", 1), ("column_unknown", 1)]),
        ("postings.csv", "6 09:00-10:00", "6 09-10", [("cell_invalid", 2)]),
        ("postings.csv", "b,p-2", 'b,"p-2', [("csv_invalid", 4)]),
        (
            "charters.yaml",
            "- charter: charter:water",
            "- water\n- charter: x",
            [("not_a_mapping", 2)],
        ),
        ("district.yaml", "departments:\n-", "departments:\n ", [("not_a_list", 9)]),
        ("district.yaml", "levels: [district, unit]\n", "", [("levels_missing", 1)]),
        (
            "standard.yaml",
            "- code: event/water/leak",
            "- &a [*a]\n- code: x",
            [("yaml_recursive", 5)],
        ),
        ("grids/district.geojson", "FeatureCollection", "Feature", []),
        ("grids/district.geojson", '"features"', '"feature"', [("not_geojson", 1)]),
        ("grids/district.geojson", '"geometry":', '"geo":', [("not_a_feature", 2)]),
    ],
)
def test_one_error(
    district: Path,
    edit: Edit,
    file: str,
    old: str,
    new: str,
    expected: list[tuple[str, int]],
) -> None:
    edit(file, old, new)
    if not expected:
        assert len(read_district(district).grids) == 3
        return
    assert errors(district) == [(code, file, line) for code, line in expected]


def test_an_error_reads_as_one_line_with_what_to_do(district: Path, edit: Edit) -> None:
    edit("postings.csv", "false", "maybe")
    with pytest.raises(DistrictUnreadableError) as caught:
        read_district(district)
    assert str(caught.value) == (
        "postings.csv:4: accountable: 'maybe' is neither true nor false; correct the cell"
    )


def test_no_directory_and_an_empty_file(district: Path) -> None:
    assert errors(district / "none")[0][0] == "file_missing"
    (district / "charters.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert errors(district) == [("file_empty", "charters.yaml", 1)]


def test_a_file_that_is_not_text(district: Path) -> None:
    (district / "standard.yaml").write_bytes(b"\xff\xfe\x00")
    assert errors(district) == [("file_unreadable", "standard.yaml", None)]


@pytest.mark.parametrize(
    "text",
    ["1-5 08:00-12:00", "1-5 08:00-12:00; 1-5 14:00-18:00", "6,7 09:00-17:00", "1,3-5 10:00-11:00"],
)
def test_shifts_are_written_as_they_are_read(text: str) -> None:
    shifts = parse_shifts(text)
    assert parse_shifts(write_shifts(shifts)) == shifts
    assert shifts[0]["hours"]["start"] == text[text.index(" ") + 1 :][:5]


def test_commitments_may_stand_in_the_head_and_are_written_again(
    district: Path, edit: Edit, tmp_path: Path
) -> None:
    assert read_district(district).commitments == []
    edit("district.yaml", "admissions:", """\
commitments:
- department: water
  year: 2026
  promises:
  - {indicator: on_time, at_least: 0.95}
admissions:""")  # fmt: skip
    bundle = read_district(district)
    [commitment] = bundle.commitments
    assert commitment.origin.at(("promises", 0)).line == 16
    assert "valid_from" not in commitment.value
    assert "commitments" not in bundle.head.value
    write_district(bundle, tmp_path / "again")
    assert read_district(tmp_path / "again").commitments[0].value == commitment.value
