"""What is wrong with a directory, for whoever wrote it."""

from case_contracts.district import DistrictError
from service_kit.reading import Problems


class DistrictUnreadableError(Exception):
    """A district directory cannot be read; ``errors`` lists everything that is wrong."""

    def __init__(self, errors: list[DistrictError]) -> None:
        super().__init__("\n".join(describe(error) for error in errors))
        self.errors = errors


def raise_if_any(problems: Problems) -> None:
    """Raises DistrictUnreadableError when something was found."""
    if problems.found:
        raise DistrictUnreadableError(problems.found)


def describe(error: DistrictError) -> str:
    """One line for people: ``postings.csv:12: column grid is missing; add it``."""
    place = ""
    if error.origin:
        line = f":{error.origin.line}" if error.origin.line else ""
        place = f"{error.origin.file}{line}: "
    return f"{place}{error.message}; {error.hint}"
