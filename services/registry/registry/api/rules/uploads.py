"""Standards as files: YAML and XLSX, whole or not at all, every error with its line or cell."""

import asyncio
import hashlib
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request

from case_contracts.district import ChangeResult, DistrictPart, Item
from case_contracts.events.registry import StandardPublished
from registry.adapters.xlsx import Reading, read_standard
from registry.api.answers import REFUSALS, Writer
from registry.api.changing import CHANGED, DryRun, Key, planned_of, refused
from registry.api.rules.files import XLSX, YAML, yaml_text
from registry.api.rules.schemas import FileIn
from registry.api.rules.shared import change_planned
from registry.commands.change import Planned
from registry.domain.plan import Plan, Published
from registry.domain.rulebook import KINDS_NEEDED, plan_rules
from service_kit.auth import Principal
from service_kit.reading import Problems, parse

router = APIRouter(prefix="/standards", tags=["rules"], responses=REFUSALS | CHANGED)
FILE = "standard.yaml"
_PLACEHOLDER = "version_published"
"""Not said of a file with wrong cells: what stands in their place differs from any version."""


def _body(media: str, schema: dict[str, Any], example: str | None = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {"requestBody": {"required": True, "content": {media: content}}}


_TEXT = yaml_text(StandardPublished.model_validate(StandardPublished.EXAMPLE))


@router.post("/yaml", openapi_extra=_body(YAML, {"type": "string"}, _TEXT))
async def from_yaml(
    request: Request, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """Publish the version that a `standard.yaml` holds, as a district directory has it (with
    `valid_from`); each error names its line."""
    data = await request.body()
    reading = await asyncio.to_thread(_read_yaml, data)
    return await _publish(request, caller, data, reading, key, dry_run)


@router.post("/xlsx", openapi_extra=_body(XLSX, {"type": "string", "format": "binary"}))
async def from_xlsx(
    request: Request, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """Publish the version that a workbook holds (see the export); each error names its sheet and
    cell, and warnings say what was repaired on reading. Formulas are refused, never computed."""
    data = await request.body()
    reading = await asyncio.to_thread(read_standard, data)
    return await _publish(request, caller, data, reading, key, dry_run)


async def _publish(
    request: Request, caller: Principal, data: bytes, reading: Reading, key: str | None,
    dry_run: bool,
) -> ChangeResult:  # fmt: skip
    if reading.standard is None:
        raise refused(reading.errors, reading.warnings)
    part = DistrictPart(standard=reading.standard)
    district = request.app.state.runtime.settings.district

    def plan(published: Published) -> Planned:
        return planned_of(_placed(plan_rules(part, published, district), reading))

    return await change_planned(
        request, caller, FileIn(sha256=hashlib.sha256(data).hexdigest()), plan,
        kinds=KINDS_NEEDED, kind="publish-standard", purpose=None, key=key, dry_run=dry_run,
        about=[f"standard:{str(reading.standard.value.get('standard'))[:100]}"],
    )  # fmt: skip


def _placed(found: Plan, reading: Reading) -> Plan:
    """What is wrong with the content, beside what is wrong with its cells, each in its place."""
    errors = found.errors
    if reading.errors:
        errors = [error for error in errors if error.code != _PLACEHOLDER]
    shown = reading.places.shown
    return replace(
        found,
        errors=[*reading.errors, *map(shown, errors)],
        warnings=[*reading.warnings, *map(shown, found.warnings)],
    )


def _read_yaml(data: bytes) -> Reading:
    problems = Problems()
    try:
        document = parse(data.decode("utf-8-sig"), FILE, problems)
    except UnicodeDecodeError:
        problems.add("file_unreadable", FILE, None, "this is no UTF-8 text", "save it as UTF-8")
        return Reading(None, problems.found)
    if not problems.found and not isinstance(document.value, dict):
        said = "keys and values are expected here"
        problems.add("not_a_mapping", FILE, 1, said, "write 'key: value' lines")
    if problems.found:
        return Reading(None, problems.found)
    return Reading(Item(origin=document.origin(), value=document.value))
