"""From a workbook to a standard as it is checked and published."""

import unicodedata
from dataclasses import dataclass, field

from case_contracts.district import DistrictError, Item, Raw
from registry.adapters.xlsx.columns import CONDITIONS, HEAD
from registry.adapters.xlsx.head import read_head
from registry.adapters.xlsx.matters import Matters
from registry.adapters.xlsx.notes import Notes
from registry.adapters.xlsx.places import FILE, Places
from registry.adapters.xlsx.safety import Sheet, Unreadable, open_sheets
from registry.adapters.xlsx.table import rows

NAMES = {CONDITIONS: (CONDITIONS, "立案条件"), HEAD: (HEAD, "总则")}


@dataclass(frozen=True)
class Reading:
    """What was read: the standard, unless its head cannot be; and what is to be said of it."""

    standard: Raw | None
    errors: list[DistrictError] = field(default_factory=list)
    warnings: list[DistrictError] = field(default_factory=list)
    places: Places = field(default_factory=Places)


def read_standard(data: bytes) -> Reading:
    """Every cell that is wrong is an error with its place, such as ``Conditions!D14``."""
    try:
        sheets = open_sheets(data, lambda name: _which(name) is not None)
    except Unreadable as error:
        return Reading(None, [error.error])
    notes, places = Notes(), Places()
    found = {which: _one(which, sheets, notes) for which in NAMES}
    head_sheet, conditions = found[HEAD], found[CONDITIONS]
    if head_sheet is None or conditions is None:
        return Reading(None, notes.told)
    head, parts = read_head(head_sheet, notes, places)
    matters = Matters(notes, places)
    matters.take(rows(conditions, notes))
    if not matters.found and not notes.errors:
        notes.error("no_conditions", conditions.place(1, 2), "there is no condition",
                    "write one a row, below the headers")  # fmt: skip
    if head is None or not matters.found:
        return Reading(None, notes.told, notes.repairs, places)
    value = {**head, "matters": [matter.value for matter in matters.found]}
    cell = head_sheet.place(2, next((n for n, _ in head_sheet.rows), 1))
    origin = places.origin(cell, {**parts, **matters.parts()})
    origin = origin.model_copy(update={"line": parts["version"]})
    return Reading(Item(origin=origin, value=value), notes.told, notes.repairs, places)


def _which(name: str) -> str | None:
    words = unicodedata.normalize("NFKC", name).casefold().split()
    for which, names in NAMES.items():
        if any(each.casefold() in words for each in names):
            return which
    return None


def _one(which: str, sheets: list[Sheet], notes: Notes) -> Sheet | None:
    found = [sheet for sheet in sheets if _which(sheet.name) == which]
    if len(found) != 1:
        what = "stands twice" if found else "is missing"
        notes.error("sheet_missing" if not found else "sheet_twice", FILE,
                    f"sheet {which} ({NAMES[which][1]}) {what}",
                    f"a standard has one sheet {CONDITIONS} and one {HEAD}; export one"
                    " to see")  # fmt: skip
        return None
    return found[0]
