"""Import files as they arrive: in any pieces, in either encoding, whole or broken."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.import_lines import Flaw, Line, Wrong
from intake.domain.import_reading import MOST_BYTES, MOST_ROWS, CsvReader, NdjsonReader, Reader

HEADER = "ref,matter,text\n"


def read(reader: Reader, content: bytes, cuts: Sequence[int] = ()) -> list[Line]:
    """What the reader says of a file that arrives cut at these places."""
    found: list[Line] = []
    begun = 0
    for cut in [*sorted(cuts), len(content)]:
        found += reader.feed(content[begun:cut])
        begun = max(begun, cut)
    return [*found, *reader.close()]


def flaws(lines: Sequence[Line]) -> list[tuple[int, Flaw | None]]:
    return [(line.number, line.flaw) for line in lines]


CELLS = st.text(
    st.characters(codec="gb18030", exclude_characters="\r\x00"),
    max_size=12,
).filter(lambda cell: not cell or cell.strip())


@given(
    st.lists(st.tuples(CELLS.filter(bool), CELLS, CELLS), max_size=8),
    st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(st.integers(0, 400), max_size=5),
)
def test_csv_reads_what_was_written(
    rows: list[tuple[str, str, str]], encoding: str, end: str, cuts: list[int]
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    writer.writerows([("ref", "matter", "text"), *rows])
    content = out.getvalue().encode(encoding)

    lines = read(CsvReader("gb18030" if encoding == "gb18030" else "utf-8"), content, cuts)

    names = ("ref", "matter", "text")
    wanted = [{n: cell for n, cell in zip(names, row, strict=True) if cell} for row in rows]
    assert [line.content for line in lines] == wanted


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=4), max_size=8),
    st.lists(st.integers(0, 400), max_size=5),
)
def test_ndjson_reads_what_was_written(rows: list[dict[str, str]], cuts: list[int]) -> None:
    content = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode(
        "utf-8", "surrogatepass"
    )

    lines = read(NdjsonReader(), content, cuts)

    assert [line.number for line in lines] == list(range(1, len(rows) + 1))
    for line, row in zip(lines, rows, strict=True):
        assert line.content == row


def test_each_bad_json_line_has_its_number() -> None:
    rows = [
        b'{"ref":"a"}',
        b"{",
        b"",
        b"[1]",
        b'{"ref":"\xff"}',
        b'{"a":NaN}',
        b'"text"',
        b'{"b":1}',
    ]

    lines = read(NdjsonReader(), b'{"text":"\xe4\xba\x95"}\n' + b"\r\n".join(rows))

    assert flaws(lines) == [
        (1, None), (2, None), (3, Flaw.NOT_JSON), (5, Flaw.NOT_OBJECT), (6, Flaw.ENCODING),
        (7, Flaw.NOT_JSON), (8, Flaw.NOT_OBJECT), (9, None),
    ]  # fmt: skip


def test_a_line_of_ten_megabytes_is_dropped_as_it_arrives() -> None:
    reader = NdjsonReader()
    lines = reader.feed(b'{"ref":"a"}\n{"text":"')
    for _ in range(160):
        lines += reader.feed(b"x" * MOST_BYTES)
        assert sum(map(len, reader._rows._parts)) <= 2 * MOST_BYTES
    lines += [*reader.feed(b'"}\n{"ref":"c"}'), *reader.close()]

    assert flaws(lines) == [(1, None), (2, Flaw.TOO_LONG), (3, None)]


def test_each_bad_csv_line_has_the_number_of_its_first_row() -> None:
    rows = [
        "a,part,two", '"b","c\nd\n""e""",', "only", "x,y,z,more", '"q"x,y,z', "", ',,"  "', "f,,",
    ]  # fmt: skip
    lines = read(CsvReader(), (HEADER + "\n".join(rows)).encode())

    assert flaws(lines) == [
        (2, None), (3, None), (6, Flaw.CELLS), (7, Flaw.CELLS), (8, Flaw.NOT_CSV), (10, None),
        (11, None),
    ]  # fmt: skip
    assert lines[1].content == {"ref": "b", "matter": 'c\nd\n"e"'}


@pytest.mark.parametrize("after", [3, MOST_ROWS + 50])
def test_an_open_quote_takes_no_other_line_along(after: int) -> None:
    rows = ["a,b,c", 'b,"open,c', *(f"{n},b,c" for n in range(after))]

    lines = read(CsvReader(), (HEADER + "\n".join(rows)).encode())

    assert flaws(lines) == [(2, None), (3, Flaw.NOT_CSV), *((4 + n, None) for n in range(after))]


def test_cells_that_are_no_numbers_are_named() -> None:
    content = b"ref,lon,lat,email,closed_at\na,113.6,34.7,e@example.org,2021-04-02\nb,113.6,x,,\n"

    good, bad = read(CsvReader(), content)

    assert good.content == {
        "ref": "a",
        "point": {"lon": 113.6, "lat": 34.7},
        "contact": {"email": "e@example.org"},
        "recorded": {"closed_at": "2021-04-02"},
    }
    assert (bad.flaw, bad.field, bad.content) == (Flaw.FIELD_INVALID, "lat", {"ref": "b"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "header_missing"),
        (b"\n\n", "header_missing"),
        (b"ref;matter;text\na;b;c\n", "column_unknown"),
        (b"ref,person\n", "column_unknown"),
        (b"ref,ref\n", "column_twice"),
        (b"matter,text\n", "column_missing"),
        (b"x" * 2 * MOST_BYTES, "header_missing"),
        (b'"ref,matter\n' * 3, "header_missing"),
        ("ref,text\na,井盖\n".encode("gbk"), "encoding_wrong"),
        ("ref,text\na,井盖\n".encode("utf-16"), "encoding_wrong"),
    ],
)
def test_a_file_that_cannot_be_read_at_all(content: bytes, code: str) -> None:
    with pytest.raises(Wrong) as raised:
        read(CsvReader(), content)

    assert raised.value.code == code


def test_columns_may_be_ignored() -> None:
    [line] = read(CsvReader(ignored=frozenset({"note"})), b"ref,note\na,whatever\n")

    assert line.content == {"ref": "a"}


def test_one_broken_row_among_good_ones_is_only_that() -> None:
    content = HEADER.encode() + "a,b,井盖\n".encode() + "b,b,井盖\n".encode("gbk")

    assert flaws(read(CsvReader(), content)) == [(2, None), (3, Flaw.ENCODING)]


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=3), st.booleans())
def test_whatever_comes_each_row_is_told_of_at_most_once(
    content: bytes, cuts: list[int], table: bool
) -> None:
    readers: list[Any] = [CsvReader(), CsvReader()] if table else [NdjsonReader(), NdjsonReader()]
    whole = HEADER.encode() + content if table else content
    found: list[Any] = []
    for reader, places in zip(readers, ([], cuts), strict=True):
        try:
            found.append(read(reader, whole, places))
        except Wrong as wrong:
            found.append(wrong.code)
    assert found[0] == found[1]
    if isinstance(found[0], list):
        numbers = [line.number for line in found[0]]
        assert numbers == sorted(numbers)
