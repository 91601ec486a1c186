"""Loading a district: read here, validated and published by the registry, whole or not at all;
then its rules for intake and for supervision, where it brings some."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from case_contracts.district import DistrictError, LoadResult
from civicgrid.client import LONG, Api, ApiError, As
from civicgrid.district_dir import read_district
from civicgrid.local import LocalError
from civicgrid.rules_files import RulesFile, publish_rules, rules_of

LOADER = As("operator", "registry.write registry.read", "operator")


class DistrictRefused(Exception):
    """The registry refused a district; ``errors`` lists everything that is wrong with it."""

    def __init__(self, errors: Sequence[DistrictError]) -> None:
        super().__init__(f"the district is refused: {len(errors)} errors; nothing was applied")
        self.errors = errors


async def load_district(api: Api, directory: Path, *, dry_run: bool = False) -> LoadResult:
    """Load the directory. Raises DistrictUnreadableError or DistrictRefused, with every error.

    The rules in ``intake.yaml`` and ``supervision.yaml`` are published when the services that
    follow them have heard of the district; where that fails LocalError says that the district
    itself is loaded, and what to do.
    """
    bundle, brought = read_district(directory), rules_of(directory)
    try:
        answer = await api.send(
            "POST",
            "registry",
            "/districts",
            LOADER,
            params={"dry_run": dry_run},
            content=bundle.model_dump_json(),
            headers={"Content-Type": "application/json"},
            timeout=LONG,
        )
    except ApiError as error:
        if error.code != "district_invalid":
            raise
        listed = [DistrictError.model_validate(each) for each in error.problem["errors"]]
        raise DistrictRefused(listed) from error
    for rules, content in brought.items():
        if not dry_run:
            await _publish(api, rules, content, directory)
    return LoadResult.model_validate(answer)


async def _publish(api: Api, rules: RulesFile, content: dict[str, Any], directory: Path) -> None:
    try:
        await publish_rules(api, rules, content)
    except ApiError as error:
        scopes = ", ".join(rules.publisher.scope.split())
        raise LocalError(
            f"the district is loaded, its {rules.name} are not published: {error}",
            f"with a token that {rules.service} accepts (scopes {scopes}):"
            f" {rules.command} publish {directory / rules.file}",
        ) from error
