"""Every label of the pages, in two languages with the same keys: a file for each kind of pages."""

from collections.abc import Mapping
from pathlib import Path

import orjson
from markupsafe import Markup

from service_kit.language import LANGUAGES, Language

FOLDER = Path(__file__).parents[1] / "locales"


def read() -> dict[Language, dict[str, str]]:
    """Raises ValueError for a label that two files have."""
    return {each: _together(FOLDER / each) for each in LANGUAGES}


def _together(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        labels = orjson.loads(path.read_bytes())
        if twice := found.keys() & labels.keys():
            raise ValueError(f"{path} says again {', '.join(sorted(twice))}")
        found |= labels
    return found


class Labels:
    """One language's labels by key; a key that is not there is an error, never an empty place."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """With these values in it; what is markup among them stays so, all else is escaped."""
        text = self._texts[key]
        if any(isinstance(value, Markup) for value in values.values()):
            return Markup(text).format(**values)
        return text.format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self._texts
