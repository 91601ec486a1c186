"""Schemes by name, for ``codes``, ``households`` and ``team`` in ``district.yaml``.

``codes: china-15`` or ``codes: {preset: china-15, unit: '{parent}[0-9]{2}'}``;
``households: urban``, ``{preset: urban, unit: 90-260}`` or a range per level;
``team: {base: 6-8}``. ``{parent}`` in an expression stands for the code of the grid's parent.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from case_contracts.district import Item, Origin, Raw
from service_kit.reading import Problems

Ranges = Mapping[str, str]

HOUSEHOLDS: Mapping[str, Ranges] = {
    "urban": {"unit": "100-250", "base": "500-800"},
    "rural": {"unit": "30-150", "base": "150-500"},
    "community-300-500": {"unit": "300-500"},
}
"""Households a grid of these levels should have. The rural figures are this project's own."""

_DIVISION, _THREE = "[0-9]{6}", "{parent}[0-9]{3}"
CHINA_15: Mapping[int, Sequence[str]] = {
    2: (_DIVISION, "{parent}[0-9]{9}"),
    3: (_DIVISION, _THREE, "{parent}[0-9]{6}"),
    4: (_DIVISION, _THREE, _THREE, _THREE),
    5: (_DIVISION, _THREE, _THREE, "{parent}[0-9]{1}", "{parent}[0-9]{2}"),
}
"""By the number of levels: 6 digits division + 3 street + 3 community + 3 sequence, of which the
first is the base grid's where there is such a level."""

_RANGE = re.compile(r"^(\d+)\s*-\s*(\d+)$")


def expanded(head: Raw, problems: Problems) -> Raw:
    """The head of a district with every scheme written out, as the registry takes it."""
    value, levels = dict(head.value), _levels(head)
    for key, presets in (("codes", _codes), ("households", _households), ("team", _no_preset)):
        if key in value:
            spread = _spread(value[key], key, head.origin, levels, presets, problems)
            value[key] = spread if key == "codes" else _ranges(spread, key, head.origin, problems)
    return Item(origin=head.origin, value=value)


def _levels(head: Raw) -> list[str]:
    levels = head.value.get("levels")
    return [str(level) for level in levels] if isinstance(levels, list) else []


def _spread(
    given: Any, key: str, origin: Origin, levels: list[str],
    presets: Callable[[str, list[str]], Mapping[str, Any] | str], problems: Problems,
) -> dict[str, Any]:  # fmt: skip
    """What a preset says, with what is said besides in its place."""
    own = dict(given) if isinstance(given, dict) else {"preset": given}
    name = own.pop("preset", None)
    if name is None:
        return own
    found = presets(str(name), levels)
    if isinstance(found, str):
        line = origin.at((key,)).line
        problems.add(f"{key}_preset", origin.file, line, f"{key}: {name!r} {found}",
                     f"name another one, or write {key} per level")  # fmt: skip
        return own
    return {**found, **own}


def _codes(name: str, levels: list[str]) -> Mapping[str, Any] | str:
    if name != "china-15":
        return "is no preset; there is china-15"
    if len(levels) not in CHINA_15:
        return f"is for two to five levels, and there are {len(levels)}"
    return dict(zip(levels, CHINA_15[len(levels)], strict=True))


def _households(name: str, levels: list[str]) -> Mapping[str, Any] | str:
    if name not in HOUSEHOLDS:
        return f"is no preset; there are {', '.join(HOUSEHOLDS)}"
    fitting = {level: each for level, each in HOUSEHOLDS[name].items() if level in levels}
    return fitting or f"is about the levels {', '.join(HOUSEHOLDS[name])}, of which there is none"


def _no_preset(name: str, levels: list[str]) -> Mapping[str, Any] | str:
    return "is not a range per level"


def _ranges(given: dict[str, Any], key: str, origin: Origin, problems: Problems) -> dict[str, Any]:
    """``100-250`` as a range; what is written out as one stays."""
    found: dict[str, Any] = {}
    for level, value in given.items():
        match = _RANGE.match(value) if isinstance(value, str) else None
        if isinstance(value, dict):
            found[level] = value
        elif match and int(match[1]) <= int(match[2]):
            found[level] = {"least": int(match[1]), "most": int(match[2])}
        else:
            line = origin.at((key, level)).line
            problems.add(f"{key}_range", origin.file, line, f"{key}: {value!r} is no range",
                         "write the least and the most, such as 100-250")  # fmt: skip
    return found
