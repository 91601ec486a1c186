"""What is wrong with files, gathered so that one reading shows all of it."""

from case_contracts.district import DistrictError, Origin


class Problems:
    """Collects the errors of one reading."""

    def __init__(self) -> None:
        self.found: list[DistrictError] = []

    def add(self, code: str, file: str, line: int | None, message: str, hint: str) -> None:
        origin = Origin(file=file, line=line)
        self.found.append(DistrictError(code=code, origin=origin, message=message, hint=hint))
