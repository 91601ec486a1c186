"""What is wrong with cells, and what was repaired in them."""

from case_contracts.district import DistrictError, Origin

MOST_REPAIRS, MOST_ERRORS = 20, 500
"""Repairs of each kind, and errors of all kinds, that are told one by one."""


class Notes:
    """Errors refuse the file; repairs are warnings that go with the answer."""

    def __init__(self) -> None:
        self.errors: list[DistrictError] = []
        self._repairs: dict[str, list[DistrictError]] = {}

    def error(self, code: str, place: str, message: str, hint: str) -> None:
        self.errors.append(_note(code, place, message, hint))

    def repair(self, code: str, place: str, message: str, hint: str) -> None:
        self._repairs.setdefault(code, []).append(_note(code, place, message, hint))

    @property
    def told(self) -> list[DistrictError]:
        """The errors, and how many more there are."""
        more = len(self.errors) - MOST_ERRORS
        return self.errors[:MOST_ERRORS] + _more("more_errors", "errors", more)

    @property
    def repairs(self) -> list[DistrictError]:
        shown: list[DistrictError] = []
        for code, found in self._repairs.items():
            shown += found[:MOST_REPAIRS]
            shown += _more(code, "cells", len(found) - MOST_REPAIRS)
        return shown


def _note(code: str, place: str, message: str, hint: str) -> DistrictError:
    return DistrictError(code=code, origin=Origin(file=place), message=message, hint=hint)


def _more(code: str, what: str, count: int) -> list[DistrictError]:
    said = f"and {count} more {what}"
    return [DistrictError(code=code, message=said, hint="see above")] if count > 0 else []
