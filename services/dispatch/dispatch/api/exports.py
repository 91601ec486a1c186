"""Lists of cases as files for spreadsheets."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from dispatch.adapters.tables import as_csv, as_xlsx
from dispatch.api.wanted import Asked
from dispatch.domain.world import World
from dispatch.views import lists, sight
from service_kit import clock
from service_kit.auth import Principal
from service_kit.http.access import needs
from service_kit.runtime import Runtime
from service_kit.vault.audit import note_many

router = APIRouter(prefix="/cases", tags=["exports"])
Exporter = Annotated[Principal, Depends(needs("cases.export"))]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {kind: {} for kind in TYPES.values()}}},
)
async def export(
    request: Request,
    caller: Exporter,
    asked: Annotated[Asked, Depends()],
    purpose: Annotated[str, Query(min_length=3, max_length=200, pattern=r"^[a-z0-9_-]+$")],
    kind: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
    language: Annotated[Literal["zh", "en"], Query()] = "zh",
) -> StreamingResponse:
    """All cases that fit the filters and that the caller may see, newest first; who took which
    out what for is noted first."""
    runtime: Runtime = request.app.state.runtime
    world: World = await runtime.load_world()
    wanted = asked.wanted(world)
    sees = await sight.seen_by(runtime, caller)
    await note_many(runtime.database, caller, "export", [wanted.scope], purpose)
    cases = lists.every(runtime, wanted, sees)
    write = as_csv if kind == "csv" else as_xlsx
    name = f"cases-{clock.now():%Y%m%d-%H%M}.{kind}"
    return StreamingResponse(
        write(cases, language, world.zone),
        media_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
