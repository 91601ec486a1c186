"""The first page, the map's outlines, and the files that pages load."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.house import house_of

router = APIRouter(tags=["pages"])
FOR_EVER = "public, max-age=31536000, immutable"


@router.get("/", response_class=Response)
async def start(request: Request) -> Response:
    """What can be done here, and what becomes of a report."""
    house = house_of(request)
    await house.territory.fresh()
    return house.pages.show(request, "start.html", {})


@router.get("/map/grids.geojson", response_class=Response)
async def outlines(request: Request) -> Response:
    """The grids' names and outlines; 404 while there are none."""
    territory = await house_of(request).territory.fresh()
    if not territory.outlines:
        return Response(status_code=404)
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=300"}
    return Response(territory.outlines, 200, headers, "application/geo+json")


@router.get("/static/{hashed}/{name}", response_class=Response)
async def file(request: Request, hashed: str, name: str) -> Response:
    """A file of the pages, kept for a year: its address changes with its content."""
    asset = house_of(request).files.get(hashed, name)
    if asset is None:
        return Response(status_code=404)
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if asset.squeezed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            asset.squeezed, 200, headers | {"Content-Encoding": "gzip"}, media_type=asset.kind
        )
    return Response(asset.body, 200, headers, media_type=asset.kind)
