"""Every error of a district is told with its file and line, all of them at once."""

import pytest

from registry.domain.plan import Plan, plan
from tests.unit.registry.small import (
    CHARTERS,
    DISTRICT,
    FILES,
    bundle,
    collection,
    edited,
    feature,
    line_of,
)

HEAD, STANDARD, CALENDAR = "district.yaml", "standard.yaml", "calendar.yaml"
UNITS, STREETS = "grids/unit.geojson", "grids/street.geojson"
LITTER_AGAIN = """\
- code: event/street/litter
  matter_class: event
  name: {zh: 垃圾, en: Litter}
  conditions:
  - {code: second, name: {zh: 二, en: Two}, closing: {zh: 清理, en: Removed}}
"""
HEAP_AGAIN = "  - {code: heap, name: {zh: 再, en: Twice}, closing: {zh: 清, en: Removed}}\n"
JUNE = "2026-06-01T00:00:00+08:00"
EAST = "[[114, 34], [115, 34], [115, 35], [114, 35], [114, 34]]"
CROSSED = "[[114, 34], [115, 34], [114, 35], [115, 35], [114, 34]]"
WESTWARD = "[[113.5, 34], [115, 34], [115, 35], [113.5, 35], [113.5, 34]]"
SOUTHWARD = "[[114, 33], [115, 33], [115, 35], [114, 35], [114, 33]]"

# file, what stands there, what is put in its place, error, where its line is found
WRONG = [
    (HEAD, "district: lanhe", "district: boston", "district_differs", "district:"),
    (HEAD, "zone: Asia/Shanghai", "zone: Asia/Nowhere", "zone_unknown", "zone:"),
    (HEAD, "calendar: lanhe-work", "calendar: other", "calendar_differs", "calendar:"),
    (HEAD, "standard: lanhe", "standard: other", "standard_differs", "standard:"),
    (HEAD, "root_grid: '41'", "root_grid: '99'", "root_missing", "root_grid:"),
    (HEAD, "levels: [district, street,", "levels: [district, district, street,",
     "levels_invalid", "levels:"),
    (HEAD, "  proposed_by: roads", "  proposed_by: parks", "department_unknown", "- matter"),
    (HEAD, "- matter: event/street/litter", "- matter: event/street/noise", "matter_unknown",
     "- matter"),
    (HEAD, "reviewed_by: p-1", "reviewed_by: roads", "approvers_same", "reviewed_by"),
    (HEAD, "- department: water", "- department: roads", "duplicate", "- department: roads"),
    (HEAD, "district: lanhe\n", "district: lanhe\ncolour: red\n", "field_unknown", "colour"),
    (CALENDAR, "zone: Asia/Shanghai", "zone: Nowhere/Land", "zone_unknown", "zone:"),
    (CALENDAR, "start: '14:00'", "start: '11:00'", "hours_overlap", "'1':"),
    (CALENDAR, "end: '12:00'", "end: '07:00'", "hours_order", "'1':"),
    (CALENDAR, "- day: '2026-01-01'\n", "- day: '2026-01-01'\n- day: '2026-01-01'\n",
     "day_twice", "- day"),
    (CALENDAR, "[{start: '08:00', end: '12:00'}, {start: '14:00', end: '18:00'}]", "[]",
     "no_working_hours", "weekdays"),
    (CALENDAR, "version: 1", "version: 2", "calendar_differs", None),
    (STANDARD, "amount: 2", "amount: -2", "field_invalid", "amount"),
    (STANDARD, "default_condition: deep", "default_condition: flat", "condition_unknown",
     "default_condition"),
    (STANDARD, "matter_class: event", "matter_class: part", "class_differs",
     "matter_class: part"),
    (STANDARD, "- code: event/street/litter", LITTER_AGAIN + "- code: event/street/litter",
     "matter_twice", "- code: event/street/litter"),
    (STANDARD, "  - code: heap", HEAP_AGAIN + "  - code: heap", "condition_twice",
     "- code: heap"),
    ("charters.yaml", "department: water", "department: sea", "department_unknown",
     "- charter: charter:water"),
    ("charters.yaml", "grid: '4101'", "grid: '4199'", "grid_unknown", "grid: '4199'"),
    ("charters.yaml", "approved_by: [p-1, p-2]", "approved_by: [p-1, p-1]", "approvers_same",
     "[p-1, p-1]"),
    ("charters.yaml", "approved_by: [p-1, p-2]", "approved_by: [p-1]", "field_invalid", "[p-1]"),
    ("charters.yaml", "role: lead", "role: leader", "field_invalid", "role: leader"),
    ("charters.yaml", "  legal_basis: list 2026, no. 1\n", "", "field_missing",
     "- charter: charter:roads"),
    ("charters.yaml", "charter:water", "charter:roads", "duplicate", "- charter: charter:roads"),
    ("charters.yaml", "matters: [event/street/litter]\n  grid: '4101'\n  role: support",
     "matters: ['*']\n  grid: '4101'\n  role: lead", "two_leads", "- charter: charter:water"),
    ("postings.csv", "p-4,worker,410102", "p-4,worker,410199", "grid_unknown", "410199"),
    ("postings.csv", "posting:410102:1", "posting:410101:1", "duplicate", "410102"),
    ("postings.csv", "1-5 08:00-18:00", "1-5 18:00-08:00", "hours_order", "18:00-08:00"),
    ("postings.csv", "18:00,,", "18:00,2026-02-01T00:00:00+08:00,2026-02-01T00:00:00+08:00",
     "validity_empty", "p-3"),
    ("portfolios.csv", "part/*,41", "part/*,42", "grid_unknown", "portfolio:p-1"),
    ("portfolios.csv", "roads", "parks", "department_unknown", "portfolio:p-1"),
    (UNITS, '"parent":"4101"', '"parent":"4177"', "parent_unknown", '"4177"'),
    (UNITS, '"parent":"4101"', '"parent":"41"', "parent_level", '"parent":"41"'),
    (UNITS, '"parent":"4101"', '"parent":null', "root_not_single", '"parent":null'),
    (UNITS, '"grid":"410102"', '"grid":"410101"', "duplicate", '"name_zh":"410102"'),
    (UNITS, '"name_zh":"410102"', '"name_zh":"410102","valid_from":"2025-01-01T00:00:00+08:00"',
     "parent_not_valid", "410102"),
    (UNITS, EAST, CROSSED, "outline_invalid", "410102"),
    (UNITS, "[114, 35], [114, 34]", "[114, 35]", "outline_unclosed", "410102"),
    (UNITS, "[114, 34], [115, 34]", "[34, 114], [34, 115]", "coordinates_swapped", "410102"),
    (UNITS, "[114, 34], [115, 34]", "[500114, 34], [115, 34]", "coordinates_out_of_range",
     "410102"),
    (UNITS, "[114, 34], [115, 34]", "[114], [115, 34]", "outline_malformed", "410102"),
    (UNITS, '"type":"Polygon"', '"type":"Point"', "outline_malformed", "410101"),
]  # fmt: skip


def found(planned: Plan) -> list[tuple[str, str | None, int | None]]:
    return [
        (e.code, e.origin.file if e.origin else None, e.origin.line if e.origin else None)
        for e in planned.errors
    ]


def test_the_district_itself_is_in_order() -> None:
    planned = plan(bundle(), {}, DISTRICT)
    assert planned.errors == []
    assert planned.warnings == []


@pytest.mark.parametrize(("file", "old", "new", "code", "marker"), WRONG)
def test_an_error_names_its_file_and_line(
    file: str, old: str, new: str, code: str, marker: str | None
) -> None:
    files = edited(file, old, new)
    # A calendar's version is noticed where the standard pins another.
    place = (file, line_of(files, file, marker)) if marker else (STANDARD, 3)
    planned = plan(bundle(files), {}, DISTRICT)
    assert (code, *place) in found(planned)
    assert all(error.hint and error.message for error in planned.errors)


@pytest.mark.parametrize(("file", "old", "new", "code", "marker"), WRONG)
def test_one_mistake_is_one_error(
    file: str, old: str, new: str, code: str, marker: str | None
) -> None:
    """Nobody is blamed for naming something that is there but wrong."""
    errors = plan(bundle(edited(file, old, new)), {}, DISTRICT).errors
    follows = {
        "root_missing": {"root_not_single"},  # the former root is now one too many
        "levels_invalid": {"parent_level", "duplicate"},  # one file is read as two levels
        "duplicate": {"grid_unknown", "department_unknown"},  # what it was called before is gone
        "matter_twice": set[str](),
    }
    assert {error.code for error in errors} - follows.get(code, set()) == {code}


def test_all_errors_are_listed_at_once() -> None:
    files = FILES
    for file, old, new, code, _ in WRONG:
        if code in ("grid_unknown", "zone_unknown", "hours_overlap", "outline_malformed"):
            files = edited(file, old, new, files) if old in files[file] else files
    codes = [error.code for error in plan(bundle(files), {}, DISTRICT).errors]
    assert codes.count("grid_unknown") == 3
    assert codes.count("zone_unknown") == 2
    assert {"hours_overlap", "outline_malformed"} <= set(codes)


def test_two_leads_names_both_and_the_matter() -> None:
    files = edited("charters.yaml", "role: support", "role: lead")
    files = edited("charters.yaml", "[event/street/litter]", "[part/roads/pothole]", files)
    [error] = plan(bundle(files), {}, DISTRICT).errors
    assert "charter:water and charter:roads (charters.yaml:1)" in error.message
    assert "part/roads/pothole on grid 4101" in error.message


def test_leads_at_different_times_do_not_clash() -> None:
    until = CHARTERS.replace("  role: lead\n", f"  role: lead\n  valid_to: '{JUNE}'\n")
    after = until.replace("role: support", f"role: lead\n  valid_from: '{JUNE}'")
    files = {**FILES, "charters.yaml": after.replace("event/street/litter", "'*'")}
    assert plan(bundle(files), {}, DISTRICT).errors == []


WARNED = [
    ("postings.csv", "p-4,worker,410102,true", "p-4,worker,410102,false", "nobody_accountable",
     UNITS, "410102"),
    ("postings.csv", "p-4,worker,410102", "p-4,worker,410101", "two_accountable",
     "postings.csv", "p-4"),
    ("charters.yaml", "[part/roads/*]", "[part/roads/*, part/sea/*]", "pattern_fits_nothing",
     "charters.yaml", "part/sea"),
    (UNITS, EAST, WESTWARD, "grids_overlap", UNITS, "410102"),
    (UNITS, EAST, SOUTHWARD, "outside_parent", UNITS, "410102"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "place", "marker"), WARNED)
def test_what_is_doubtful_is_a_warning(
    file: str, old: str, new: str, code: str, place: str, marker: str
) -> None:
    files = edited(file, old, new)
    planned = plan(bundle(files), {}, DISTRICT)
    assert planned.errors == []
    places = [
        (w.code, w.origin.file, w.origin.line) for w in planned.warnings if w.origin is not None
    ]
    assert (code, place, line_of(files, place, marker)) in places


def test_axes_swapped_within_range_show_against_the_parent() -> None:
    """Boston's -71 is a latitude as well: only the ground above tells."""

    def at_boston(west: float, east: float) -> str:
        return feature("x", None, west, east).split('"geometry":')[1]

    def outline(west: float, east: float) -> str:
        return f'"coordinates":[[[{west},42],[{east},42],[{east},43],[{west},43],[{west},42]]]}}}}'

    def grid(code: str, parent: str | None, west: float, east: float) -> str:
        return feature(code, parent, 0, 1).split('"coordinates"')[0] + outline(west, east)

    swapped = grid("410101", "4101", -72, -71).replace("[-72,42]", "[42,-72]")
    swapped = swapped.replace("[-71,42]", "[42,-71]").replace("[-71,43]", "[43,-71]")
    swapped = swapped.replace("[-72,43]", "[43,-72]")
    files = {
        **FILES,
        "grids/district.geojson": collection(grid("41", None, -72, -70)),
        STREETS: collection(grid("4101", "41", -72, -70)),
        UNITS: collection(swapped, grid("410102", "4101", -71, -70)),
    }
    assert found(plan(bundle(files), {}, DISTRICT)) == [("coordinates_swapped", UNITS, 2)]


def test_many_warnings_of_a_kind_are_counted() -> None:
    units = [feature(f"4101{n:03}", "4101", 113, 115) for n in range(60)]
    files = {**FILES, UNITS: collection(*units), "postings.csv": "posting,person,role,grid\n"}
    warnings = [
        w for w in plan(bundle(files), {}, DISTRICT).warnings if w.code == "nobody_accountable"
    ]
    assert len(warnings) == 51
    assert warnings[-1].message == "and 10 more of this kind"
