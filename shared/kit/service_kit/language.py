"""In which language somebody is answered."""

from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEFAULT: Language = "zh"


def chosen(asked: str | None) -> Language | None:
    """What the address asks for; None where it asks for nothing that there is."""
    return next((each for each in LANGUAGES if each == asked), None)


def preferred(accept_language: str) -> Language:
    """What the browser would rather have, by the weights that it gives; Chinese where it has no
    wish that can be met."""
    best, weight = DEFAULT, 0.0
    for part in accept_language.split(","):
        tag, _, rest = part.strip().partition(";")
        found = chosen(tag.partition("-")[0].lower())
        weighs = _weight(rest)
        if found is not None and weighs > weight:
            best, weight = found, weighs
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
