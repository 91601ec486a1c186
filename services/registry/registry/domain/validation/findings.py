"""What is wrong, and what is doubtful, gathered so that one load shows all of it."""

from collections import Counter

from case_contracts.district import DistrictError, Origin

MOST_WARNINGS = 50
"""Of each code; a district drawn loosely would otherwise drown the rest."""


class Findings:
    """Errors refuse the district; warnings go with the answer."""

    def __init__(self) -> None:
        self.errors: list[DistrictError] = []
        self._warnings: list[DistrictError] = []

    def error(self, code: str, origin: Origin | None, message: str, hint: str, *grids: str) -> None:
        """``grids`` are the codes of those whose ground it is about."""
        self.errors.append(_found(code, origin, message, hint, grids))

    def warn(self, code: str, origin: Origin | None, message: str, hint: str, *grids: str) -> None:
        self._warnings.append(_found(code, origin, message, hint, grids))

    def add_new(self, after: "Findings", before: "Findings") -> None:
        """What is found after a change and was not before it."""
        known = {(each.code, each.message) for each in (*before.errors, *before._warnings)}
        self.errors += [e for e in after.errors if (e.code, e.message) not in known]
        self._warnings += [w for w in after._warnings if (w.code, w.message) not in known]

    @property
    def warnings(self) -> list[DistrictError]:
        """The first of each code, and how many more there are of it."""
        seen: Counter[str] = Counter()
        shown: list[DistrictError] = []
        for warning in self._warnings:
            seen[warning.code] += 1
            if seen[warning.code] <= MOST_WARNINGS:
                shown.append(warning)
        more = {code: count - MOST_WARNINGS for code, count in seen.items()}
        return shown + [_more(code, count) for code, count in more.items() if count > 0]


def _found(
    code: str, origin: Origin | None, message: str, hint: str, grids: tuple[str, ...]
) -> DistrictError:
    place = Origin(file=origin.file, line=origin.line) if origin else None
    return DistrictError(code=code, origin=place, message=message, hint=hint, grids=grids)


def _more(code: str, count: int) -> DistrictError:
    return DistrictError(code=code, message=f"and {count} more of this kind", hint="see above")
