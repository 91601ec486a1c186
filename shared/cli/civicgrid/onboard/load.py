"""Read a configuration; every wrong key is told with its line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from case_contracts.district import DistrictError, Origin
from civicgrid.onboard.config import Config
from civicgrid.onboard.errors import OnboardError, refuse
from service_kit.reading import Problems, parse

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Source:
    """A configuration with the lines of its keys and the variables of its paths."""

    config: Config
    origin: Origin
    folder: Path
    variables: Mapping[str, str]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.config.zone)

    def at(self, *path: str | int) -> Origin:
        """The line of a key."""
        return self.origin.at(path)

    def file(self, text: str, *path: str | int) -> Path:
        """The existing file that a key names; a relative path is relative to the configuration.

        Raises:
            OnboardError: a variable is not set, or there is no such file.
        """
        origin = self.at(*path)
        for name in _VARIABLE.findall(text):
            if name not in self.variables:
                hint = f"set {name} to the folder of the city's files"
                raise refuse("variable_unset", origin, f"${{{name}}} is not set", hint)
        named = Path(_VARIABLE.sub(lambda match: self.variables[match.group(1)], text))
        found = named if named.is_absolute() else self.folder / named
        if not found.is_file():
            key = ".".join(str(step) for step in path)
            raise refuse("file_missing", origin, f"{key}: no file {found}", "correct the path")
        return found


def load_config(path: Path, variables: Mapping[str, str]) -> Source:
    """The configuration in ``path``.

    Raises:
        OnboardError: with every key that is wrong, missing or not known.
    """
    problems = Problems()
    document = parse(_text(path), path.name, problems)
    if problems.found:
        raise OnboardError(problems.found)
    origin = document.origin()
    try:
        config = Config.model_validate(document.value)
    except ValidationError as error:
        raise OnboardError(_errors(error, origin)) from error
    source = Source(config, origin, path.resolve().parent, variables)
    _check(source)
    return source


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        origin = Origin(file=str(path))
        raise refuse("file_unreadable", origin, str(error), "name a UTF-8 file") from error


def _errors(error: ValidationError, origin: Origin) -> list[DistrictError]:
    return [
        DistrictError(
            code="config_invalid",
            origin=origin.at(one["loc"]),
            message=f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}",
            hint=_hint(one["type"]),
        )
        for one in error.errors(include_url=False)
    ]


def _hint(kind: str) -> str:
    hints = {"missing": "add the key", "extra_forbidden": "correct or remove the key"}
    return hints.get(kind, "correct the value")


def _check(source: Source) -> None:
    try:
        ZoneInfo(source.config.zone)
    except (KeyError, ValueError) as error:
        message = f"zone: no time zone {source.config.zone!r}"
        raise refuse("zone_unknown", source.at("zone"), message, "use Europe/Paris") from error
    levels = [source.config.grids.root.level, *(one.level for one in source.config.grids.levels)]
    for number, post in enumerate(source.config.posts):
        if post.level not in levels:
            message = f"posts.{number}.level: no level {post.level!r}"
            hint = f"the levels are {', '.join(levels)}"
            raise refuse("level_unknown", source.at("posts", number, "level"), message, hint)


def fill(template: str, values: Mapping[str, object], origin: Origin, where: str) -> str:
    """A template filled from a row or feature.

    Raises:
        OnboardError: the template asks for a column that is not there or cannot format it.
    """
    try:
        return template.format_map(values)
    except KeyError as error:
        message = f"{template!r} wants column {error.args[0]!r}, which {where} lacks"
        hint = f"the columns are {', '.join(sorted(values))}"
        raise refuse("column_missing", origin, message, hint) from error
    except (ValueError, IndexError, AttributeError, TypeError) as error:
        message = f"{template!r} cannot be filled from {where}: {error}"
        raise refuse("template_invalid", origin, message, "correct the template") from error
