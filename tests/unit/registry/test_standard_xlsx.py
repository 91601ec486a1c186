"""A standard as a workbook: nothing is lost on the way out and in, and what people do to a sheet
is either repaired and said, or refused with its cell."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from case_contracts.events.registry import StandardPublished
from registry.adapters.xlsx import Reading, read_standard, write_standard
from registry.adapters.xlsx.escape import escape, trim, unescape
from registry.api.rules.files import yaml_text
from service_kit.reading import Problems, parse
from tests.unit.registry.standards import labels, small_standard, spoiled, standards

DAY = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
Spoil = Callable[[Workbook], None]


def published(reading: Reading) -> StandardPublished:
    assert reading.standard is not None, reading.errors
    return StandardPublished.model_validate(reading.standard.value, extra="forbid")


@settings(max_examples=40, deadline=None)
@given(standards())
def test_what_is_exported_is_imported_as_the_same(standard: StandardPublished) -> None:
    reading = read_standard(write_standard(standard))
    assert reading.errors == []
    assert {warning.code for warning in reading.warnings} <= {"number_as_text"}
    assert published(reading) == standard


@settings(max_examples=40, deadline=None)
@given(standards())
def test_yaml_goes_out_and_in_as_well(standard: StandardPublished) -> None:
    problems = Problems()
    document = parse(yaml_text(standard), "standard.yaml", problems)
    assert problems.found == []
    assert StandardPublished.model_validate(document.value, extra="forbid") == standard


@given(labels)
def test_a_text_keeps_its_edges_and_what_looks_like_an_escape(text: str) -> None:
    written = escape(text)
    assert trim(written) == written
    assert unescape(written.replace("x005F_", "")) == text  # openpyxl drops these


@pytest.mark.parametrize(
    "text",
    ["_x000D_", "_x0041", "x005F_", "_x005F_x000D_", "_x000D\r", "x005F\r", "a\r\nb", "\x00",
     "#N/A", "\u3000a\xa0", "_\r", "__x0041__"],
)  # fmt: skip
def test_awkward_texts_survive_the_workbook(text: str) -> None:
    matter = small_standard().matters[0]
    name = matter.name.model_copy(update={"zh": text})
    standard = small_standard(matters=[matter.model_copy(update={"name": name}).model_dump()])
    reading = read_standard(write_standard(standard))
    assert reading.warnings == []
    assert published(reading) == standard


def put(cell: str, value: Any, sheet: str = "Conditions") -> Spoil:
    def spoil(workbook: Workbook) -> None:
        workbook[sheet][cell] = value

    return spoil


def merge(cells: str, sheet: str = "Conditions") -> Spoil:
    return lambda workbook: workbook[sheet].merge_cells(cells)


def drop(column: int) -> Spoil:
    return lambda workbook: workbook["Conditions"].delete_cols(column)


ERRORS: list[tuple[str, Spoil, str, str]] = [
    ("a formula", put("H2", "=1+1"), "formula", "Conditions!H2"),
    ("a spreadsheet's error", put("H3", "#REF!"), "cell_error", "Conditions!H3"),
    ("cells merged over columns", merge("E3:F3"), "merged_cells", "Conditions!E3"),
    ("limits merged over rows", merge("H2:H3"), "merged_cells", "Conditions!H2"),
    ("merged headers", merge("A1:B1"), "merged_cells", "Conditions!A1"),
    ("a merged head", merge("A1:B1", "Head"), "merged_cells", "Head!A1"),
    ("a unit in the amount", put("H2", "2天"), "number_unclear", "Conditions!H2"),
    ("a truth value as amount", put("H2", True), "number_unclear", "Conditions!H2"),
    ("a unit that is none", put("I2", "working dayz"), "unit_unknown", "Conditions!I2"),
    ("an amount without unit", put("I2", None), "limit_incomplete", "Conditions!I2"),
    ("a unit without amount", put("J2", None), "limit_incomplete", "Conditions!J2"),
    ("a missing column", drop(9), "column_missing", "Conditions!O1"),
    ("a column twice", put("O1", "matter"), "column_twice", "Conditions!O1"),
    ("an empty code", put("D3", None), "cell_empty", "Conditions!D3"),
    ("an empty name", put("F4", None), "cell_empty", "Conditions!F4"),
    ("no matter", put("A3", None), "cell_empty", "Conditions!A3"),
    ("a date for a name", put("E2", DAY), "text_expected", "Conditions!E2"),
    ("neither yes nor no", put("O2", "vielleicht"), "yes_unclear", "Conditions!O2"),
    ("two defaults", put("G3", "yes"), "default_twice", "Conditions!G3"),
    ("two names of a matter", put("C3", "Hole"), "matter_name_differs", "Conditions!C3"),
    ("a head without version", put("A2", "x", "Head"), "row_missing", "Head!A1"),
    ("an empty head", put("B1", None, "Head"), "cell_empty", "Head!B1"),
    ("a date without zone", put("B5", DAY, "Head"), "zone_missing", "Head!B5"),
    ("a version of words", put("B2", "second", "Head"), "number_unclear", "Head!B2"),
]  # fmt: skip


FOLLOWING = {"column_twice": {"column_missing"}, "merged_cells": {"column_missing", "cell_empty"}}


@pytest.mark.parametrize(
    ("spoil", "code", "place"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS]
)
def test_a_planted_fault_is_an_error_with_its_cell(spoil: Spoil, code: str, place: str) -> None:
    def edited(workbook: Workbook) -> None:
        if code == "limit_incomplete" and place.endswith("J2"):
            workbook["Conditions"]["K2"] = "hours"
        spoil(workbook)

    reading = read_standard(spoiled(edited))
    found = [(e.code, e.origin.place if e.origin else "") for e in reading.errors]
    assert (code, place) in found
    assert {each for each, _ in found} - {code} <= FOLLOWING.get(code, set()), found
    assert all(error.hint for error in reading.errors)


def amount(standard: StandardPublished) -> float | None:
    limit = standard.matters[0].conditions[0].handle
    return limit.amount if limit else None


REPAIRS: list[tuple[str, Spoil, str, str, Callable[[StandardPublished], Any], Any]] = [
    ("stray spaces", put("B2", " \u3000坑洞\xa0"), "stray_spaces", "Conditions!B2",
     lambda s: s.matters[0].name.zh, "坑洞"),
    ("spaces around a code", put("D2", "deep "), "stray_spaces", "Conditions!D2",
     lambda s: s.matters[0].conditions[0].code, "deep"),
    ("a number as text", put("H2", "3"), "number_as_text", "Conditions!H2",
     amount, 3),
    ("full-width digits", put("H2", "１．５"), "number_as_text", "Conditions!H2",
     amount, 1.5),
    ("a full-width code", put("D2", "ｄｅｅｐ"), "full_width", "Conditions!D2",
     lambda s: s.matters[0].conditions[0].code, "deep"),
    ("a code typed as number", put("D4", 7), "number_for_text", "Conditions!D4",
     lambda s: s.matters[1].conditions[0].code, "7"),
    ("a matter merged over its rows", merge("A2:A3"), "merged_cells", "Conditions!A2",
     lambda s: [len(m.conditions) for m in s.matters], [2, 1]),
    ("a column of one's own", put("P1", "remarks 备注"), "column_unknown", "Conditions!P1",
     lambda s: len(s.matters), 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "code", "place", "get", "value"),
    [r[1:] for r in REPAIRS],
    ids=[r[0] for r in REPAIRS],
)
def test_what_is_harmless_is_repaired_and_said(
    spoil: Spoil, code: str, place: str, get: Callable[[Any], Any], value: Any
) -> None:
    reading = read_standard(spoiled(spoil))
    assert reading.errors == []
    assert [(w.code, w.origin.place if w.origin else "") for w in reading.warnings] == [
        (code, place)
    ]
    assert get(published(reading)) == value


@pytest.mark.parametrize("word", ["工作日", "个工作日", "Working Days", "working_days", "工作日 "])
def test_units_are_read_in_both_languages(word: str) -> None:
    found = published(read_standard(spoiled(put("I2", word))))
    assert found.matters[0].conditions[0].handle == small_standard().matters[0].conditions[0].handle


def test_a_matter_in_two_places_is_refused() -> None:
    def spoil(workbook: Workbook) -> None:
        sheet = workbook["Conditions"]
        sheet.append([cell.value for cell in sheet[2]])
        sheet["D5"] = "other"

    [error] = read_standard(spoiled(spoil)).errors
    assert (error.code, error.origin and error.origin.place) == ("matter_twice", "Conditions!A5")
    assert "Conditions!A2" in error.message


def test_columns_may_stand_in_any_order_and_chinese_sheet_names_are_known() -> None:
    def spoil(workbook: Workbook) -> None:
        sheet = workbook["Conditions"]
        sheet.move_range("A1:A4", cols=15)
        sheet.title, workbook["Head"].title = "立案条件", "总则"

    reading = read_standard(spoiled(spoil))
    assert published(reading) == small_standard()


def test_a_formula_like_text_stays_a_text() -> None:
    matter = small_standard().matters[0]
    evil = matter.model_copy(update={"name": matter.name.model_copy(update={"en": "=cmd|x"})})
    data = write_standard(small_standard(matters=[evil.model_dump()]))
    cell = load_workbook(io.BytesIO(data))["Conditions"]["C2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert published(read_standard(data)).matters[0].name.en == "=cmd|x"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0old", b"a,b\n1,2"])
def test_what_is_no_workbook_is_said_so(data: bytes) -> None:
    [error] = read_standard(data).errors
    assert (error.code, error.origin and error.origin.place) == ("not_xlsx", "standard.xlsx")


def test_a_workbook_without_its_sheets_names_them() -> None:
    def spoil(workbook: Workbook) -> None:
        del workbook["Head"]

    [error] = read_standard(spoiled(spoil)).errors
    assert error.code == "sheet_missing"
    assert "Head" in error.message


def _with(name: str, content: bytes) -> bytes:
    """The small workbook with one part of its archive replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_standard(small_standard()))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


SHEET = (
    b'<?xml version="1.0"?>%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006'
    b'/main"><sheetData>%s</sheetData>%s</worksheet>'
)
LAUGH = b'<!DOCTYPE a [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, (b"&a%s;" % (str(n - 1).encode() if n > 1 else b"")) * 10)
    for n in range(1, 10)
) + b"]>"  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_with("xl/media/zeros.bin", bytes(40 * 1024**2)), "workbook_too_large"),
        (_with("xl/worksheets/sheet1.xml", SHEET % (LAUGH, b"&a9;", b"")), "not_xlsx"),
        (
            _with(
                "xl/worksheets/sheet1.xml",
                SHEET % (b"", b'<row r="%d"><c r="A1" t="n"><v>1</v></c></row>' % 10**15, b""),
            ),
            "column_missing",
        ),
        (
            _with(
                "xl/worksheets/sheet1.xml",
                SHEET % (b"", b"<row><c><v>1</v></c></row>" * 5001, b""),
            ),
            "too_many_rows",
        ),
        (
            _with(
                "xl/worksheets/sheet1.xml",
                SHEET
                % (b"", b"", b"<mergeCells>%s</mergeCells>" % (b'<mergeCell ref="A2:A3"/>' * 6000)),
            ),
            "merged_cells",
        ),
    ],
    ids=["zip bomb", "entities", "a row far away", "many rows", "many merges"],
)  # fmt: skip
def test_a_file_that_is_meant_to_harm_is_refused_at_once(data: bytes, code: str) -> None:
    began = time.perf_counter()
    errors = read_standard(data).errors
    assert code in {error.code for error in errors}
    assert time.perf_counter() - began < 5


def test_a_last_row_of_the_sheet_does_not_take_long() -> None:
    began = time.perf_counter()
    reading = read_standard(spoiled(put("A1048576", "event/street/litter")))
    assert any(e.origin and e.origin.place == "Conditions!D1048576" for e in reading.errors)
    assert time.perf_counter() - began < 5
