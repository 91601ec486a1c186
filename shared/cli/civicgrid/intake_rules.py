"""The district's rules for intake as a file: read here, checked and published by intake."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from civicgrid.client import Api, As
from civicgrid.local import LocalError

RULES_FILE = "intake.yaml"
PUBLISHER = As("operator", "rules.publish reports.read", "operator")


def read_rules(path: Path) -> dict[str, Any]:
    """The file's keys and values; raises LocalError where it is no such file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LocalError(f"{path}: {error.strerror}", "give a file of rules") from None
    except yaml.YAMLError as error:
        raise LocalError(f"{path}: {error}", f"see deploy/sample/{RULES_FILE}") from None
    if not isinstance(content, dict):
        raise LocalError(f"{path}: keys and values are expected", "write 'key: value' lines")
    return content


def write_rules(content: Mapping[str, Any] | None, directory: Path) -> None:
    """Into a district directory; nothing where there are none."""
    if content is not None:
        text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False)
        (directory / RULES_FILE).write_text(text, encoding="utf-8", newline="\n")


async def publish_rules(
    api: Api, content: dict[str, Any], *, after: int | None = None, dry_run: bool = False
) -> dict[str, Any]:
    """Publish, or only say what would change; ``after`` is the version that they were written
    from, by default the one in force. Raises ApiError ``rules_changed`` where it is another."""
    if after is None:
        after = (await api.get("intake", "/rules", PUBLISHER))["version"]
    body = {"after": after, **content}
    answer: dict[str, Any] = await api.send(
        "PUT", "intake", "/rules", PUBLISHER, params={"dry_run": dry_run}, json=body
    )
    return answer
