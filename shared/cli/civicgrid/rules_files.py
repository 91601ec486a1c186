"""A district's rules as files: read here, checked and published by the service they are for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from civicgrid.client import Api, As
from civicgrid.local import LocalError


@dataclass(frozen=True)
class RulesFile:
    """``file`` stands in the district directory; ``command`` is that of the command line."""

    service: str
    path: str
    file: str
    publisher: As
    command: str
    name: str


INTAKE = RulesFile(
    "intake",
    "/rules",
    "intake.yaml",
    As("operator", "rules.publish reports.read", "operator"),
    "civicgrid intake rules",
    "rules for intake",
)
SUPERVISION = RulesFile(
    "dispatch",
    "/supervision",
    "supervision.yaml",
    As("operator", "supervision.publish cases.read", "operator"),
    "civicgrid dispatch rules",
    "rules for supervision",
)
ALL = (INTAKE, SUPERVISION)
"""In the order in which a district's are published."""


def read_rules(path: Path) -> dict[str, Any]:
    """The file's keys and values; raises LocalError where it is no such file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LocalError(f"{path}: {error.strerror}", "give a file of rules") from None
    except yaml.YAMLError as error:
        raise LocalError(f"{path}: {error}", "see the files of rules in deploy/sample") from None
    if not isinstance(content, dict):
        raise LocalError(f"{path}: keys and values are expected", "write 'key: value' lines")
    return content


def rules_of(directory: Path) -> dict[RulesFile, dict[str, Any]]:
    """Those that a district directory brings; raises LocalError where one is no such file."""
    found = ((rules, directory / rules.file) for rules in ALL)
    return {rules: read_rules(path) for rules, path in found if path.is_file()}


def write_rules(rules: RulesFile, content: Mapping[str, Any] | None, directory: Path) -> None:
    """Into a district directory; nothing where there are none."""
    if content is not None:
        text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False)
        (directory / rules.file).write_text(text, encoding="utf-8", newline="\n")


async def current_rules(api: Api, rules: RulesFile) -> dict[str, Any]:
    """What applies now, with its version."""
    found: dict[str, Any] = await api.get(rules.service, rules.path, rules.publisher)
    return found


async def publish_rules(
    api: Api,
    rules: RulesFile,
    content: dict[str, Any],
    *,
    after: int | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Publish, or only say what would change; ``after`` is the version that they were written
    from, by default the one in force. Raises ApiError ``rules_changed`` where it is another."""
    if after is None:
        after = (await current_rules(api, rules))["version"]
    answer: dict[str, Any] = await api.send(
        "PUT",
        rules.service,
        rules.path,
        rules.publisher,
        params={"dry_run": dry_run},
        json={"after": after, **content},
    )
    return answer
