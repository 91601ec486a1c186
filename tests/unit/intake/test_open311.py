"""Open311's pure parts: codes, spans, languages, the two formats."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from intake.api.open311.formats import Format, answer, xml
from intake.domain.listed import day_of, is_listed
from intake.domain.open311 import (
    MOST_DAYS,
    OTHER,
    UNSURE,
    matter_of,
    service_code,
    span_of,
)
from intake.views.open311_lists import days_of
from service_kit.errors import Invalid
from service_kit.language import preferred

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
MATTERS = st.from_regex(r"\A[a-z]+/[a-z0-9-]+/[a-z0-9-]+\Z")
FIRST, LAST = datetime.fromisoformat("0001-01-02"), datetime.fromisoformat("9999-12-30")
MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC))


@given(MATTERS)
def test_a_service_code_stands_for_one_matter_and_fits_urls_and_lists(matter: str) -> None:
    code = service_code(matter)

    assert matter_of(code) == matter
    assert not set(code) & set("/,?#% .")
    assert code != OTHER


def test_no_matter_is_the_other_service_and_no_condition_is_unsure() -> None:
    assert (service_code(""), matter_of(OTHER)) == (OTHER, "")
    assert "_" in UNSURE


@pytest.mark.parametrize(
    ("matter", "public"),
    [("part/a/b", True), ("event/a/b", True), ("hazard/a/b", True), ("dispute/a/b", False),
     ("service/a/b", False), ("inquiry/a/b", False), ("", False)],
)  # fmt: skip
def test_only_what_is_about_places_is_listed(matter: str, public: bool) -> None:
    assert is_listed(matter) is public


@given(st.none() | MOMENTS, st.none() | MOMENTS)
def test_a_span_is_never_longer_than_ninety_days(
    start: datetime | None, end: datetime | None
) -> None:
    try:
        found = span_of(start, end, NOW)
    except Invalid:
        assert start is not None
        assert end is not None
        assert end - start > MOST_DAYS
        return
    assert found.end - found.start <= MOST_DAYS
    if start is not None:
        assert found.start == start
    if start is not None and end is not None:
        assert found.end == end


def test_what_is_not_said_is_ninety_days_from_what_is() -> None:
    day = timedelta(days=1)
    assert span_of(None, None, NOW).end == NOW
    assert span_of(NOW - 10 * day, None, NOW).end == NOW
    assert span_of(NOW - 200 * day, None, NOW).end == NOW - 110 * day
    assert span_of(None, NOW - 10 * day, NOW).start == NOW - 100 * day


@given(MOMENTS, st.timedeltas(min_value=timedelta(), max_value=MOST_DAYS))
def test_the_days_of_a_span_are_each_read_once_the_newest_first(
    end: datetime, length: timedelta
) -> None:
    start = end - min(length, end - FIRST.replace(tzinfo=UTC))
    chunks = list(days_of(span_of(start, end, NOW)))

    days = [day for chunk in chunks for day in chunk]
    assert days == list(range(day_of(end), day_of(start) - 1, -1))
    assert len(chunks[0]) == 1


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", "zh"), ("*", "zh"), ("de", "zh"), ("en", "en"), ("EN-us", "en"), ("zh-TW", "zh"),
     ("en;q=0.3, zh;q=0.8", "zh"), ("en;q=0", "zh"), ("en;q=x, zh;q=0.1", "zh")],
)  # fmt: skip
def test_the_language_wanted_most(accept: str, language: str) -> None:
    assert preferred(accept) == language


@given(st.text(max_size=300))
def test_any_header_names_a_language(accept: str) -> None:
    assert preferred(accept) in {"zh", "en"}


CONTENT = st.lists(st.dictionaries(st.just("description"), st.none() | st.text(), min_size=1))


@given(CONTENT)
def test_xml_holds_any_text(content: list[dict[str, Any]]) -> None:
    """What XML cannot hold is left out; nothing breaks it or gets out of its element."""
    document = fromstring(xml("errors", content))

    assert [child.tag for child in document] == ["error"] * len(content)
    for child, each in zip(document, content, strict=True):
        [element] = list(child)
        legal = "".join(c for c in each["description"] or "" if _legal(c))
        as_parsed = legal.replace("\r\n", "\n").replace("\r", "\n")  # XML 1.0, 2.11
        assert (element.text or "") == as_parsed


def _legal(character: str) -> bool:
    code = ord(character)
    surrogate = 0xD800 <= code <= 0xDFFF or code in {0xFFFE, 0xFFFF}
    return (code >= 0x20 or character in "\t\n\r") and not surrogate


def test_both_formats_name_their_encoding() -> None:
    found = {each: answer(each, "services", [{"service_name": "井盖"}]) for each in Format}

    types = {each: response.headers["content-type"] for each, response in found.items()}
    assert types == {
        Format.JSON: "application/json; charset=utf-8", Format.XML: "text/xml; charset=utf-8",
    }  # fmt: skip
    assert json.loads(bytes(found[Format.JSON].body)) == [{"service_name": "井盖"}]
    assert "井盖".encode() in bytes(found[Format.XML].body)
