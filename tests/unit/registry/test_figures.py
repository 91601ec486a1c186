"""Codes, household counts and gaps, as the district's head says they should be."""

import pytest

from civicgrid.district_dir import DistrictUnreadableError
from registry.domain.plan import Plan, plan
from tests.unit.registry.land import feature, files, square
from tests.unit.registry.small import DISTRICT, FILES, bundle, edited, line_of

HEAD, UNITS = "district.yaml", "grids/unit.geojson"
LEVELS = "levels: [district, street, unit]"


def planned(files: dict[str, str]) -> Plan:
    return plan(bundle(files), {}, DISTRICT)


def with_head(line: str, texts: dict[str, str] | None = None) -> dict[str, str]:
    return edited(HEAD, "valid_from:", f"{line}\nvalid_from:", texts)


def test_codes_that_fit_their_levels() -> None:
    codes = "codes: {district: '[0-9]{2}', street: '{parent}[0-9]{2}', unit: '{parent}[0-9]{2}'}"
    found = planned(with_head(codes))
    assert (found.errors, found.warnings) == ([], [])


@pytest.mark.parametrize(
    ("pattern", "old", "new", "said"),
    [
        ("{parent}[0-9]{3}", "410102", "410102", "(6 characters) does not fit"),
        ("{parent}[0-9]{2}", "410102", "420102", "does not begin with the code of its parent, 41"),
    ],
)
def test_a_code_of_a_wrong_length_or_parent(pattern: str, old: str, new: str, said: str) -> None:
    texts = edited(
        UNITS, f'"grid":"{old}"', f'"grid":"{new}"', with_head(f"codes: {{unit: '{pattern}'}}")
    )
    texts = edited("postings.csv", f"worker,{old}", f"worker,{new}", texts)
    errors = [e for e in planned(texts).errors if new in e.message]
    assert [(e.code, e.origin and e.origin.line) for e in errors] == [
        ("code_invalid", line_of(texts, UNITS, f'"grid":"{new}"'))
    ]
    assert said in errors[0].message


def test_the_parents_code_is_text_and_no_pattern() -> None:
    texts = {name: text.replace("4101", "4.01") for name, text in FILES.items()}
    texts = with_head("codes: {unit: '{parent}[0-9]{2}'}", texts)
    assert planned(texts).errors == []
    texts = edited(UNITS, '"grid":"4.0102"', '"grid":"4x0102"', texts)
    assert "code_invalid" in {error.code for error in planned(texts).errors}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("codes: {unit: '(a+)+b'}", "repeats too much"),
        ("codes: {unit: 'a*a*a*a*b'}", "repeats too much"),
        ("codes: {unit: '[0-9'}", "no regular expression"),
        ("codes: {village: '[0-9]{3}'}", "none of the levels"),
        (f"codes: {{unit: '{'a' * 201}'}}", "longer than 200"),
    ],
)
def test_expressions_that_cannot_be_used(line: str, said: str) -> None:
    [error] = planned(with_head(line)).errors
    assert (error.code, said in error.message) == ("codes_invalid", True)
    assert error.origin is not None
    assert error.origin.line == line_of(with_head(line), HEAD, "codes:")


def test_households_outside_the_range() -> None:
    texts = with_head("households: {unit: 9-20}", files())
    found = planned(texts)
    assert found.errors == []
    assert {w.code for w in found.warnings} == {"households_outside"}
    assert len(found.warnings) == 8
    first = found.warnings[0]
    assert "has 8 households, too few: a unit has 9 to 20" in first.message
    assert (first.hint, first.grids) == ("merge it with a neighbour", ("u000",))


SCHEMES = [
    ("codes: china-15", {"district": "[0-9]{6}", "street": "{parent}[0-9]{3}",
                         "unit": "{parent}[0-9]{6}"}),
    ("codes: {preset: china-15, unit: '[0-9]{15}'}",
     {"district": "[0-9]{6}", "street": "{parent}[0-9]{3}", "unit": "[0-9]{15}"}),
    ("households: urban", {"unit": {"least": 100, "most": 250}}),
    ("households: community-300-500", {"unit": {"least": 300, "most": 500}}),
    ("households: {preset: rural, street: 9-10}",
     {"unit": {"least": 30, "most": 150}, "street": {"least": 9, "most": 10}}),
    ("households: {unit: {least: 1, most: 2}}", {"unit": {"least": 1, "most": 2}}),
    ("team: {unit: 6-8}", {"unit": {"least": 6, "most": 8}}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "value"), SCHEMES)
def test_schemes_by_name(line: str, value: dict[str, object]) -> None:
    key = line.partition(":")[0]
    assert bundle(with_head(line)).head.value[key] == value


def test_the_fifteen_digits_of_five_levels() -> None:
    levels = "levels: [district, street, community, base, unit]"
    texts = edited(HEAD, LEVELS, levels, with_head("codes: china-15"))
    texts |= {"grids/community.geojson": texts[UNITS], "grids/base.geojson": texts[UNITS]}
    codes = bundle(texts).head.value["codes"]
    code, lengths = "", []
    for level in ("district", "street", "community", "base", "unit"):
        digits = int(codes[level].rpartition("{")[2].rstrip("}"))
        assert codes[level] == ("{parent}" if code else "") + f"[0-9]{{{digits}}}"
        code += "1" * digits
        lengths.append(len(code))
    assert lengths == [6, 9, 12, 13, 15]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("codes: china-16", "codes_preset"),
        ("households: city", "households_preset"),
        ("households: {unit: many}", "households_range"),
        ("households: {unit: 9-2}", "households_range"),
        ("team: large", "team_preset"),
    ],
)
def test_schemes_that_are_not_there(line: str, code: str) -> None:
    texts = with_head(line)
    with pytest.raises(DistrictUnreadableError) as refused:
        bundle(texts)
    [error] = refused.value.errors
    assert (error.code, error.origin and error.origin.file) == (code, HEAD)
    assert error.origin is not None
    assert error.origin.line == line_of(texts, HEAD, line.partition(":")[0] + ":")


def test_a_gap_is_told_with_its_share() -> None:
    texts = files()
    drawn = feature("u000", "c00", square(0, 0, 2, 4), 8)
    texts[UNITS] = texts[UNITS].replace(drawn, feature("u000", "c00", square(0, 0, 2, 3), 8))
    [warning] = planned(texts).warnings
    assert (warning.code, warning.grids) == ("gap_in_parent", ("c00",))
    assert "12.5% of it lies in none of its children" in warning.message


def test_where_an_outline_crosses_itself_is_told() -> None:
    east = "[[114, 34], [115, 34], [115, 35], [114, 35], [114, 34]]"
    crossed = "[[114, 34], [115, 34], [114, 35], [115, 35], [114, 34]]"
    [error] = planned(edited(UNITS, east, crossed)).errors
    assert error.code == "outline_invalid"
    assert "Self-intersection[114.5 34.5]" in error.message
    assert "fix geometries" in error.hint
