"""Read a district directory into raw items that remember their lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from case_contracts.district import DistrictBundle, Item, Raw
from civicgrid.district_dir.geojson import read_grids
from civicgrid.district_dir.presets import expanded
from civicgrid.district_dir.problems import DistrictUnreadableError, raise_if_any
from service_kit.reading import Document, Problems, parse
from service_kit.reading.tables import PORTFOLIOS, POSTINGS, read_table

HEAD, CHARTERS, STANDARD, CALENDAR = (
    "district.yaml",
    "charters.yaml",
    "standard.yaml",
    "calendar.yaml",
)
_IN_HEAD = ("departments", "admissions", "commitments")


def read_district(directory: Path) -> DistrictBundle:
    """Everything of the district in ``directory``, unvalidated, each item with file and line.

    ``valid_from`` left out of a posting, charter, grid... is the district's.

    Raises:
        DistrictUnreadableError: with every file that is missing or cannot be parsed.
    """
    return _Reader(directory).read()


class _Reader:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.problems = Problems()

    def read(self) -> DistrictBundle:
        if not self.directory.is_dir():
            self._missing(str(self.directory), "give the folder that holds district.yaml")
            raise_if_any(self.problems)
        head = self._yaml(HEAD)
        parts = {
            "departments": self._items(head, ("departments",)),
            "admissions": self._items(head, ("admissions",)),
            "commitments": self._items(head, ("commitments",)),
            "grids": list(self._grids(head)),
            "postings": self._table(POSTINGS),
            "portfolios": self._table(PORTFOLIOS),
            "charters": self._items(self._yaml(CHARTERS), ()),
        }
        top = self._one(head)
        top = top and expanded(top, self.problems)
        standard, calendar = self._one(self._yaml(STANDARD)), self._one(self._yaml(CALENDAR))
        raise_if_any(self.problems)
        if top is None or standard is None or calendar is None:
            raise DistrictUnreadableError(self.problems.found)
        since = top.value.get("valid_from")
        dated = {name: [_dated(item, since) for item in items] for name, items in parts.items()}
        return DistrictBundle(
            head=_without(top, _IN_HEAD),
            standard=_dated(standard, since),
            calendar=_dated(calendar, since),
            **(dated | {undated: parts[undated] for undated in ("departments", "commitments")}),
        )

    def _text(self, file: str) -> str | None:
        try:
            return (self.directory / file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self._missing(file, f"a district has {HEAD}, grids/, {CHARTERS}, {STANDARD}, ...")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.add("file_unreadable", file, None, str(error), "save it as UTF-8 text")
        return None

    def _missing(self, file: str, hint: str) -> None:
        self.problems.add("file_missing", file, None, "no such file", hint)

    def _yaml(self, file: str) -> Document:
        text = self._text(file)
        if text is None:
            return Document(file, self.problems)
        document = parse(text, file, self.problems)
        if document.value is None and not self._told(file):
            self.problems.add("file_empty", file, 1, "nothing in it", "fill it or remove it")
        return document

    def _told(self, file: str) -> bool:
        return any(error.origin and error.origin.file == file for error in self.problems.found)

    def _table(self, file: str) -> list[Raw]:
        text = self._text(file)
        return read_table(text, file, self.problems) if text is not None else []

    def _grids(self, head: Document) -> Iterator[Raw]:
        levels = head.value.get("levels") if isinstance(head.value, dict) else None
        if not isinstance(levels, list) or not levels:
            if not self._told(HEAD):
                hint = "list them from the top down, such as [district, street, unit]"
                self.problems.add("levels_missing", HEAD, 1, "levels are missing", hint)
            return
        names = [f"grids/{level}.geojson" for level in levels]
        for level, file in zip(levels, names, strict=True):
            text = self._text(file)
            if text is not None:
                yield from read_grids(text, file, str(level), self.problems)
        for path in sorted((self.directory / "grids").glob("*.geojson")):
            if f"grids/{path.name}" not in names:
                said = f"{path.stem!r} is none of the levels"
                self.problems.add("level_unknown", f"grids/{path.name}", None, said, f"see {HEAD}")

    def _one(self, document: Document) -> Raw | None:
        if isinstance(document.value, dict):
            return Item(origin=document.origin(), value=document.value)
        if document.value is not None:
            said = "keys and values are expected here"
            self.problems.add("not_a_mapping", document.file, 1, said, "write 'key: value' lines")
        return None

    def _items(self, document: Document, path: tuple[str, ...]) -> list[Raw]:
        listed = document.value
        for key in path:
            listed = listed.get(key) if isinstance(listed, dict) else None
        if listed is None:
            return []
        origin = document.origin(path)
        if not isinstance(listed, list):
            self._not_listed(document.file, origin.line)
            return []
        return [
            item for n, one in enumerate(listed) if (item := self._item(document, (*path, n), one))
        ]

    def _item(self, document: Document, path: tuple[str | int, ...], value: Any) -> Raw | None:
        origin = document.origin(path)
        if isinstance(value, dict):
            return Item(origin=origin, value=value)
        self.problems.add(
            "not_a_mapping", document.file, origin.line, "keys are missing", "write 'key: value'"
        )
        return None

    def _not_listed(self, file: str, line: int | None) -> None:
        self.problems.add("not_a_list", file, line, "a list is expected here", "begin lines with -")


def _dated(item: Raw, since: Any) -> Raw:
    if since is None or "valid_from" in item.value:
        return item
    return Item(origin=item.origin, value={**item.value, "valid_from": since})


def _without(item: Raw, keys: tuple[str, ...]) -> Raw:
    value = {key: part for key, part in item.value.items() if key not in keys}
    parts = {path: line for path, line in item.origin.parts.items() if _top(path) not in keys}
    return Item(origin=item.origin.model_copy(update={"parts": parts}), value=value)


def _top(path: str) -> str:
    return path.partition(".")[0]
