"""Loading a district: read here, validated and published by the registry, whole or not at all;
then its rules for intake, where it brings some."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from case_contracts.district import DistrictError, LoadResult
from civicgrid.client import LONG, Api, ApiError, As
from civicgrid.district_dir import read_district
from civicgrid.intake_rules import RULES_FILE, publish_rules, read_rules
from civicgrid.local import LocalError

LOADER = As("operator", "registry.write registry.read", "operator")


class DistrictRefused(Exception):
    """The registry refused a district; ``errors`` lists everything that is wrong with it."""

    def __init__(self, errors: Sequence[DistrictError]) -> None:
        super().__init__(f"the district is refused: {len(errors)} errors; nothing was applied")
        self.errors = errors


async def load_district(api: Api, directory: Path, *, dry_run: bool = False) -> LoadResult:
    """Load the directory. Raises DistrictUnreadableError or DistrictRefused, with every error.

    The rules in ``intake.yaml`` are published when intake has heard of the district; where that
    fails LocalError says that the district itself is loaded, and what to do.
    """
    bundle, rules = read_district(directory), directory / RULES_FILE
    content = read_rules(rules) if rules.is_file() else None
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
    if content is not None and not dry_run:
        await _publish(api, content, rules)
    return LoadResult.model_validate(answer)


async def _publish(api: Api, content: dict[str, Any], rules: Path) -> None:
    try:
        await publish_rules(api, content)
    except ApiError as error:
        raise LocalError(
            f"the district is loaded, its rules for intake are not published: {error}",
            "with a token that intake accepts (scopes rules.publish, reports.read):"
            f" civicgrid intake rules publish {rules}",
        ) from error
