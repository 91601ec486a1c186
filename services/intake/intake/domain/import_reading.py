"""Reading an import file as it arrives, piece by piece, in bounded memory.

Rows end with LF or CRLF; UTF-8, with or without a byte order mark, or GB18030 (of which GBK and
GB2312 are parts). In both no byte of a letter looks like a line's end or a quote.
"""

import csv
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Literal

import orjson

from intake.domain.import_csv import columns_of, row_line
from intake.domain.import_lines import Flaw, Line, Wrong

MOST_BYTES = 65_536
MOST_ROWS = 200
"""How many rows of the file one CSV line may run over, by breaks within quotes."""
Encoding = Literal["utf-8", "gb18030"]
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_OPEN_QUOTE = "unexpected end of data"


class Rows:
    """Cuts pieces of a file into its rows, without their ends. One that is too long is dropped
    as it arrives, and given as None."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length, self._begun = 0, False

    def feed(self, piece: bytes) -> Iterator[bytes | None]:
        """The rows that end in this piece."""
        rows = piece.split(b"\n")
        for row in rows[:-1]:
            self._add(row)
            yield self._end()
        self._add(rows[-1])

    def close(self) -> Iterator[bytes | None]:
        """The last row, where no line's end comes after it."""
        if self._begun:
            yield self._end()

    def _add(self, part: bytes) -> None:
        self._begun = self._begun or bool(part)
        self._length += len(part)
        if self._length <= MOST_BYTES:
            self._parts.append(part)
        else:
            self._parts.clear()

    def _end(self) -> bytes | None:
        row = b"".join(self._parts) if self._length <= MOST_BYTES else None
        self._parts, self._length, self._begun = [], 0, False
        return row if row is None else row.removesuffix(b"\r")


class Reader(ABC):
    """What is common to both kinds of file: rows, their numbers, and their encoding."""

    def __init__(self, encoding: Encoding = "utf-8") -> None:
        self._rows, self._number, self._encoding = Rows(), 0, encoding
        self._seen_wide = False

    def feed(self, piece: bytes) -> list[Line]:
        """The lines that are whole with this piece; raises Wrong where the file is not to be
        read at all."""
        return [line for row in self._rows.feed(piece) for line in self._row(row)]

    def close(self) -> list[Line]:
        """The last lines; raises Wrong for a file that says nothing."""
        found = [line for row in self._rows.close() for line in self._row(row)]
        return [*found, *self._rest()]

    def _row(self, row: bytes | None) -> list[Line]:
        self._number += 1
        if row is None:
            return self._broken(Flaw.TOO_LONG)
        if self._number == 1:
            row = _without_mark(row)
        try:
            text = row.decode(self._encoding)
        except UnicodeDecodeError:
            self._check_encoding(row)
            return self._broken(Flaw.ENCODING)
        self._seen_wide = self._seen_wide or not text.isascii()
        return self._text(text)

    def _check_encoding(self, row: bytes) -> None:
        """Not one row too much is told to be broken where it is the whole file's encoding."""
        if self._encoding == "utf-8" and not self._seen_wide and _decodes(row, "gb18030"):
            raise Wrong(
                "encoding_wrong",
                f"line {self._number} is not UTF-8 but may be GBK: save the file as UTF-8, or send"
                " encoding=gb18030",
            )

    @abstractmethod
    def _text(self, text: str) -> list[Line]:
        """The lines that are whole with this row."""

    @abstractmethod
    def _broken(self, flaw: Flaw) -> list[Line]:
        """The same for a row that cannot be read."""

    def _rest(self) -> list[Line]:
        return []


class NdjsonReader(Reader):
    """Each row a JSON object; empty rows are passed over."""

    def _text(self, text: str) -> list[Line]:
        if not text.strip():
            return []
        try:
            content = orjson.loads(text)
        except orjson.JSONDecodeError:
            return self._broken(Flaw.NOT_JSON)
        if not isinstance(content, dict):
            return self._broken(Flaw.NOT_OBJECT)
        return [Line(self._number, content)]

    def _broken(self, flaw: Flaw) -> list[Line]:
        return [Line(self._number, flaw=flaw)]


class CsvReader(Reader):
    """The first row names the columns; a quoted cell may run over several rows."""

    def __init__(self, encoding: Encoding = "utf-8", ignored: frozenset[str] = frozenset()) -> None:
        super().__init__(encoding)
        self._ignored = ignored
        self._columns: list[str | None] | None = None
        self._open: list[tuple[int, str]] = []
        self._quotes = self._size = 0

    def _text(self, text: str) -> list[Line]:
        found: list[Line] = []
        again = deque([(self._number, text)])
        while again:
            found += self._one(*again.popleft(), again)
        return found

    def _one(self, number: int, text: str, again: deque[tuple[int, str]]) -> list[Line]:
        """The lines that are whole with this row; what has to be read anew goes to ``again``."""
        if not self._open and not text.strip():
            return []
        self._open.append((number, text))
        self._quotes += text.count('"')
        self._size += len(text)
        if len(self._open) > 1 and self._quotes % 2:
            return self._unless_endless(again)
        try:
            cells = list(csv.reader([f"{row}\n" for _, row in self._open], strict=True))
        except csv.Error as error:
            endless = _OPEN_QUOTE in str(error)
            return self._unless_endless(again) if endless else self._given_up(again)
        begun_at = self._open[0][0]
        self._close()
        return [line for row in cells for line in self._cells(begun_at, row)]

    def _unless_endless(self, again: deque[tuple[int, str]]) -> list[Line]:
        """A quote that is never closed takes its own row along, and none of those after it."""
        endless = len(self._open) > MOST_ROWS or self._size > MOST_BYTES
        return self._given_up(again) if endless else []

    def _given_up(self, again: deque[tuple[int, str]]) -> list[Line]:
        """The row that the line began with is bad; those after it are read anew."""
        self._need_header()
        (begun_at, _), *after = self._open
        again.extendleft(reversed(after))
        self._close()
        return [Line(begun_at, flaw=Flaw.NOT_CSV)]

    def _close(self) -> None:
        self._open, self._quotes, self._size = [], 0, 0

    def _cells(self, number: int, row: Sequence[str]) -> list[Line]:
        if self._columns is None:
            self._columns = columns_of(row, self._ignored)
            return []
        return [row_line(number, self._columns, row)]

    def _broken(self, flaw: Flaw) -> list[Line]:
        before = self._rest()
        self._need_header()
        return [*before, Line(self._number, flaw=flaw)]

    def _rest(self) -> list[Line]:
        """What is still open will not be closed any more."""
        found: list[Line] = []
        again: deque[tuple[int, str]] = deque()
        while self._open:
            found += self._given_up(again)
            while again:
                found += self._one(*again.popleft(), again)
        return found

    def close(self) -> list[Line]:
        found = super().close()
        self._need_header()
        return found

    def _need_header(self) -> None:
        if self._columns is None:
            raise Wrong("header_missing", "the first line does not name the columns as CSV")


def _without_mark(row: bytes) -> bytes:
    if row.startswith(_UTF16_MARKS):
        raise Wrong("encoding_wrong", "the file is UTF-16: save it as UTF-8")
    return row.removeprefix(_UTF8_MARK)


def _decodes(row: bytes, encoding: str) -> bool:
    try:
        row.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
