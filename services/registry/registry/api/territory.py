"""Changes of the territory: decided today, valid from now or from a time to come."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from case_contracts.district import ChangeResult
from registry.api.answers import REFUSALS, Writer
from registry.api.changing import CHANGED, DryRun, Key
from registry.api.drawing import WithMap, redraw_territory
from registry.api.schemas import example
from registry.api.territory_schemas import Merge, Move, Redraw, Retirement, Split
from registry.domain.territory.merging import Into, merge
from registry.domain.territory.moving import move
from registry.domain.territory.reshaping import Drawn, reshape
from registry.domain.territory.retiring import retire
from registry.domain.territory.sketch import Sketch, place
from registry.domain.territory.splitting import Part, split

router = APIRouter(prefix="/grids", tags=["grids"])
MADE = {
    "dry_run": False,
    "published": {"grid.published.v1": 2, "grid.retired.v1": 1},
    "things": [
        {
            "aggregate": "grid:410199001001101",
            "events": ["grid.retired.v1"],
            "valid_from": "2036-05-31T16:00:00Z",
        }
    ],
    "warnings": [],
    "map": None,
    "at": "2026-01-05T00:00:00Z",
}
ANSWERS: dict[int | str, dict[str, Any]] = (
    REFUSALS | CHANGED | {200: {"description": "What was published", **example(MADE)}}
)
Code = Annotated[str, Path(description="the grid's code", examples=["410199001001101"])]


@router.post("/merge", responses=ANSWERS)
async def merge_grids(
    request: Request, body: Merge, caller: Writer, key: Key = None, dry_run: DryRun = False,
    with_map: WithMap = False,
) -> ChangeResult:  # fmt: skip
    """Merge several grids of one parent; their ground and children become those of one.

    Postings, secondments and contact groups in grids that end are ended with them.
    """
    into = Into(body.into.grid, body.into.name, body.into.households)

    def draw(sketch: Sketch) -> None:
        merge(sketch, body.grids, into)

    return await redraw_territory(
        request, caller, body, draw, kind="merge", about=[*body.grids, into.grid],
        reason=body.reason, valid_from=body.valid_from, codes=body.codes, key=key,
        dry_run=dry_run, with_map=with_map,
    )  # fmt: skip


@router.post("/redraw", responses=ANSWERS)
async def redraw_grids(
    request: Request, body: Redraw, caller: Writer, key: Key = None, dry_run: DryRun = False,
    with_map: WithMap = False,
) -> ChangeResult:  # fmt: skip
    """Draw borders anew: the grids, level by level, keep their ground together.

    Grids of several levels can be drawn at once, and get another parent on the way.
    """
    drawn = [
        Drawn(each.grid, place("grids", n), each.geometry, None, each.parent, each.name,
              each.households)
        for n, each in enumerate(body.grids)
    ]  # fmt: skip

    def draw(sketch: Sketch) -> None:
        reshape(sketch, drawn)

    return await redraw_territory(
        request, caller, body, draw, kind="redraw", about=[each.grid for each in body.grids],
        reason=body.reason, valid_from=body.valid_from, codes=body.codes, key=key,
        dry_run=dry_run, with_map=with_map,
    )  # fmt: skip


@router.post("/{code:path}/split", responses=ANSWERS)
async def split_grid(
    request: Request, code: Code, body: Split, caller: Writer, key: Key = None,
    dry_run: DryRun = False, with_map: WithMap = False,
) -> ChangeResult:  # fmt: skip
    """Split a grid: it ends, and parts with new codes begin, each with the children in it.

    Postings, secondments and contact groups in it are ended with it; charters and portfolios
    on it have to be granted on the parts first.
    """
    parts = [Part(each.grid, each.name, each.geometry, each.households) for each in body.parts]
    postings = [each.model_dump(mode="json", exclude_none=True) for each in body.postings]

    def draw(sketch: Sketch) -> None:
        split(sketch, code, parts, postings)

    return await redraw_territory(
        request, caller, body, draw, kind="split", about=[code, *(part.grid for part in parts)],
        reason=body.reason, valid_from=body.valid_from, codes=body.codes, key=key,
        dry_run=dry_run, with_map=with_map,
    )  # fmt: skip


@router.post("/{code:path}/move", responses=ANSWERS)
async def move_grid(
    request: Request,
    code: Annotated[str, Path(description="the grid's code", examples=["410199001001102"])],
    body: Move, caller: Writer, key: Key = None, dry_run: DryRun = False,
    with_map: WithMap = False,
) -> ChangeResult:  # fmt: skip
    """Give a grid another parent. Its ground goes along: what it leaves becomes smaller, what
    it enters larger, and all that is under it begins anew with the new path."""

    def draw(sketch: Sketch) -> None:
        move(sketch, code, body.parent)

    return await redraw_territory(
        request, caller, body, draw, kind="move", about=[code, body.parent], reason=body.reason,
        valid_from=body.valid_from, codes=body.codes, key=key, dry_run=dry_run,
        with_map=with_map,
    )  # fmt: skip


@router.post("/{code:path}/retirement", responses=ANSWERS)
async def retire_grid(
    request: Request,
    code: Annotated[str, Path(description="the grid's code", examples=["410199001002101"])],
    body: Retirement, caller: Writer, key: Key = None, dry_run: DryRun = False,
    with_map: WithMap = False,
) -> ChangeResult:  # fmt: skip
    """End a grid without another in its place; what is in it ends too."""

    def draw(sketch: Sketch) -> None:
        retire(sketch, code)

    return await redraw_territory(
        request, caller, body, draw, kind="retire", about=[code], reason=body.reason,
        valid_from=body.valid_from, key=key, dry_run=dry_run, with_map=with_map,
    )  # fmt: skip
