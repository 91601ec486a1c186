"""What stops an onboarding: each error names the file, the place in it and what to do."""

from case_contracts.district import DistrictError, Origin
from civicgrid.district_dir import describe


class OnboardError(Exception):
    """A city's files or their configuration cannot be used; ``errors`` lists why."""

    def __init__(self, errors: list[DistrictError]) -> None:
        super().__init__("\n".join(describe(error) for error in errors))
        self.errors = errors


def refuse(code: str, origin: Origin, message: str, hint: str) -> OnboardError:
    """An ``OnboardError`` of a single error."""
    error = DistrictError(code=code, origin=origin, message=message, hint=hint)
    return OnboardError([error])
