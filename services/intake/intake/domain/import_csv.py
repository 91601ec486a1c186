"""A row of a CSV file as a line's content: the columns are the line's fields."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from intake.domain.import_lines import Flaw, Line, Wrong

Put = Callable[[dict[str, Any], str], None]


def _plain(name: str) -> Put:
    def put(content: dict[str, Any], cell: str) -> None:
        content[name] = cell

    return put


def _inside(name: str, part: str, read: Callable[[str], Any] = str) -> Put:
    def put(content: dict[str, Any], cell: str) -> None:
        content.setdefault(name, {})[part] = read(cell)

    return put


COLUMNS: dict[str, Put] = {
    **{
        name: _plain(name)
        for name in (
            "ref", "channel", "matter", "condition", "text", "language", "reported_at", "by",
            "origin",
        )
    },
    "lon": _inside("point", "lon", float),
    "lat": _inside("point", "lat", float),
    "email": _inside("contact", "email"),
    "phone": _inside("contact", "phone"),
    "closed_at": _inside("recorded", "closed_at"),
}  # fmt: skip
NEEDED = ("ref",)


def columns_of(header: Sequence[str], ignored: frozenset[str]) -> list[str | None]:
    """What each column is, None for those that are ignored; raises Wrong for any other."""
    found = [name.strip() for name in header]
    unknown = [n for n, name in enumerate(found, 1) if name not in COLUMNS and name not in ignored]
    if unknown:
        raise Wrong(
            "column_unknown",
            f"column {', '.join(map(str, unknown))} of the header is not known: the columns are"
            f" {', '.join(COLUMNS)}; name others in `ignore`, or see whether the separator is a"
            " comma",
        )
    if len(set(found)) < len(found):
        raise Wrong("column_twice", "a column's name stands in the header twice")
    for name in NEEDED:
        if name not in found:
            raise Wrong("column_missing", f"the column {name} is missing in the header")
    return [None if name in ignored else name for name in found]


def row_line(number: int, columns: Sequence[str | None], row: Sequence[str]) -> Line:
    """The line that a row says; an empty cell is left out."""
    if len(row) != len(columns):
        return Line(number, flaw=Flaw.CELLS)
    content: dict[str, Any] = {}
    for name, cell in zip(columns, row, strict=True):
        if name is None or not cell.strip():
            continue
        try:
            COLUMNS[name](content, cell)
        except ValueError:
            return Line(number, _ref_only(content), Flaw.FIELD_INVALID, name)
    return Line(number, content)


def _ref_only(content: Mapping[str, Any]) -> dict[str, Any]:
    """So that a bad row can be told by its ref too."""
    return {"ref": content["ref"]} if "ref" in content else {}
