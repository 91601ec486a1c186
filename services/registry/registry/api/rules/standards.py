"""Standards: publishing a version, reading one, taking it away as a file, comparing two."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from case_contracts.district import ChangeResult, DistrictPart, Item, Origin
from case_contracts.events.registry import StandardPublished
from registry.adapters.xlsx import write_standard
from registry.api.answers import MISSING, READ, REFUSALS, When, Writer
from registry.api.changing import CHANGED, DryRun, Key, planned_of
from registry.api.rules.files import XLSX, YAML, Format, file_name, yaml_text
from registry.api.rules.schemas import COMPARED, ComparisonOut, StandardIn
from registry.api.rules.shared import Version, change_planned
from registry.api.rules.versions import version_of
from registry.api.schemas import example
from registry.commands.change import Planned
from registry.domain.comparing import compare
from registry.domain.kinds import version as number_of
from registry.domain.plan import Published
from registry.domain.rulebook import KINDS_NEEDED, plan_rules
from registry.views.known import Known

router = APIRouter(prefix="/standards", tags=["rules"], responses=REFUSALS)
Compared = Annotated[int, Query(ge=1, le=2**31)]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {
            XLSX: {"schema": {"type": "string", "format": "binary"}},
            YAML: {"schema": {"type": "object"}},
        },
    }
}


@router.post("", responses=CHANGED)
async def publish(
    request: Request, body: StandardIn, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """Publish a version of the standard. A published version never changes, and the cases filed
    under an earlier one keep it; reports from `valid_from` on are filed under this one."""
    raw = Item(origin=Origin(file="standard"), value=await request.json())
    district = request.app.state.runtime.settings.district

    def plan(published: Published) -> Planned:
        return planned_of(plan_rules(DistrictPart(standard=raw), published, district))

    return await change_planned(
        request, caller, body, plan, kinds=KINDS_NEEDED, kind="publish-standard",
        about=[f"standard:{body.standard}"], purpose=None, key=key, dry_run=dry_run,
    )  # fmt: skip


@router.get("", dependencies=READ, responses={200: example([StandardPublished.EXAMPLE])})
async def in_force(request: Request, when: When) -> list[StandardPublished]:
    """Of each standard the version that was in force."""
    known: Known = request.app.state.runtime.extras["known"]
    said = await known.read(["standard"])
    begun = {
        name: [e for e in events if isinstance(e, StandardPublished) and e.valid_from <= when]
        for name, events in sorted(said.items())
    }
    return [max(versions, key=number_of) for versions in begun.values() if versions]


@router.get(
    "/{standard:path}/export",
    dependencies=READ,
    responses=MISSING | _FILES,
    response_class=Response,
)
async def export(
    request: Request, standard: str, version: Version = None, form: Format = "xlsx"
) -> Response:
    """A version as a workbook or as YAML: to read, or to edit and import as the next version."""
    found = await version_of(request, f"standard:{standard}", StandardPublished, version)
    write = write_standard if form == "xlsx" else yaml_text
    content = await asyncio.to_thread(write, found)
    name = file_name(found, form)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=XLSX if form == "xlsx" else YAML, headers=headers)


@router.get(
    "/{standard:path}/compare", dependencies=READ, responses=MISSING | {200: example(COMPARED)}
)
async def comparison(
    request: Request, standard: str, from_version: Compared, to_version: Compared
) -> ComparisonOut:
    """What differs between two versions: matters, conditions, and each changed limit, closing
    condition, evidence, name or urgency, in words."""
    aggregate = f"standard:{standard}"
    before = await version_of(request, aggregate, StandardPublished, from_version)
    after = await version_of(request, aggregate, StandardPublished, to_version)
    return ComparisonOut.model_validate(compare(before, after))


@router.get(
    "/{standard:path}",
    dependencies=READ,
    responses=MISSING | {200: example(StandardPublished.EXAMPLE)},
)
async def one(request: Request, standard: str, version: Version = None) -> StandardPublished:
    """A standard: its matters, conditions and limits."""
    return await version_of(request, f"standard:{standard}", StandardPublished, version)
