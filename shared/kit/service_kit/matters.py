"""Patterns of matters, as charters, portfolios and rules name them: ``part/utilities/*``."""

from collections.abc import Iterable
from fnmatch import fnmatchcase


def matches(matter: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns covers the matter; ``*`` stands for any run of letters."""
    return any(fnmatchcase(matter, pattern) for pattern in patterns)
