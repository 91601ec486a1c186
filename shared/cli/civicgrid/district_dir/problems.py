"""What is wrong with a directory, gathered so that one reading shows all of it."""

from case_contracts.district import DistrictError, Origin


class DistrictUnreadableError(Exception):
    """A district directory cannot be read; ``errors`` lists everything that is wrong."""

    def __init__(self, errors: list[DistrictError]) -> None:
        super().__init__("\n".join(describe(error) for error in errors))
        self.errors = errors


class Problems:
    """Collects the errors of one directory."""

    def __init__(self) -> None:
        self.found: list[DistrictError] = []

    def add(self, code: str, file: str, line: int | None, message: str, hint: str) -> None:
        origin = Origin(file=file, line=line)
        self.found.append(DistrictError(code=code, origin=origin, message=message, hint=hint))

    def raise_if_any(self) -> None:
        if self.found:
            raise DistrictUnreadableError(self.found)


def describe(error: DistrictError) -> str:
    """One line for people: ``postings.csv:12: column grid is missing; add it``."""
    place = ""
    if error.origin:
        line = f":{error.origin.line}" if error.origin.line else ""
        place = f"{error.origin.file}{line}: "
    return f"{place}{error.message}; {error.hint}"
