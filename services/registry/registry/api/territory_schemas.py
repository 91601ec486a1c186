"""What the routes that change the territory take."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.values import Instant, Ref, Shift, Text

Geometry = Annotated[
    dict[str, Any],
    Field(description="GeoJSON Polygon or MultiPolygon, WGS-84 degrees, longitude first"),
]
Households = Annotated[int, Field(ge=0, le=10_000_000)] | None
Reason = Annotated[str, Field(min_length=1, max_length=300)]
JUNE = "2036-06-01T00:00:00+08:00"
WEST = [[113.576866, 34.629169], [113.588459, 34.630906], [113.590398, 34.63635],
        [113.584376, 34.635563], [113.576866, 34.629169]]  # fmt: skip
EAST = [[113.576866, 34.629169], [113.584376, 34.635563], [113.578863, 34.634687],
        [113.576866, 34.629169]]  # fmt: skip


class _Body(BaseModel):
    """``valid_from`` left out: at once."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    valid_from: Instant | None = None


def _example(**value: Any) -> ConfigDict:
    why = {"reason": "decision 2026-31 of the district", "valid_from": JUNE}
    return ConfigDict(extra="forbid", json_schema_extra={"example": value | why})


Codes = Annotated[
    dict[Ref, Ref],
    Field(
        default_factory=dict,
        max_length=5000,
        description="new codes of grids that get another parent, where the code says the parent;"
        " postings, secondments and contact groups in them go along",
    ),
]


class NewPosting(BaseModel):
    """Somebody who is to answer in a new grid; from its beginning on, if nothing else is said."""

    model_config = ConfigDict(extra="forbid")

    posting: Ref
    person: Ref
    role: Ref
    grid: Ref
    accountable: bool = False
    shifts: tuple[Shift, ...] = ()
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class NewPart(BaseModel):
    """A grid that comes of a split."""

    model_config = ConfigDict(extra="forbid")

    grid: Ref
    name: Text
    geometry: Geometry
    households: Households = None


class Split(_Body):
    """Into which parts a grid is split: together they have its ground."""

    model_config = _example(
        parts=[
            {
                "grid": code,
                "name": {"zh": f"福溪{code[-2:]}单元网格", "en": f"Fuxi unit grid {code[-2:]}"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
                "households": 120,
            }
            for code, ring in (("410199001001151", WEST), ("410199001001152", EAST))
        ],
        postings=[],
        codes={},
    )

    parts: Annotated[list[NewPart], Field(min_length=2, max_length=200)]
    postings: Annotated[list[NewPosting], Field(max_length=2000)] = []
    codes: Codes


class Target(BaseModel):
    """The grid that comes of a merge: a new code, or one of those merged, which then goes on."""

    model_config = ConfigDict(extra="forbid")

    grid: Ref
    name: Text | None = None
    households: Households = None


class Merge(_Body):
    """Which grids of one parent become one."""

    model_config = _example(
        grids=["410199001001201", "410199001001202"], into={"grid": "410199001001201"}, codes={}
    )

    grids: Annotated[list[Ref], Field(min_length=2, max_length=200)]
    into: Target
    codes: Codes


class NewBorder(BaseModel):
    """A grid as it is to be. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    grid: Ref
    geometry: Geometry | None = None
    parent: Ref | None = None
    name: Text | None = None
    households: Households = None


class Redraw(_Body):
    """New borders between grids, which together keep their ground."""

    model_config = _example(grids=[{"grid": "410199001001103", "households": 171}], codes={})

    grids: Annotated[list[NewBorder], Field(min_length=1, max_length=5000)]
    codes: Codes


class Move(_Body):
    """The parent that a grid gets; its ground goes along."""

    model_config = _example(parent="4101990010012", codes={"410199001001102": "410199001001251"})

    parent: Ref
    codes: Codes


class Retirement(_Body):
    """Why a grid ends."""

    model_config = _example()


class ImportedProperties(BaseModel):
    """Those of a district's own files; others, as map programs add them, are left alone."""

    grid: Ref
    parent: Ref | None = None
    name_zh: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    name_en: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    households: Households = None


class ImportedFeature(BaseModel):
    """A grid with its outline."""

    type: Literal["Feature"]
    properties: ImportedProperties
    geometry: Geometry


class ImportedGrids(BaseModel):
    """A GeoJSON FeatureCollection (RFC 7946), WGS-84 degrees."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {
                            "grid": "410199001001103",
                            "parent": "4101990010011",
                            "name_zh": "福溪1-03单元网格",
                            "name_en": "Fuxi unit grid 1-03",
                            "households": 171,
                        },
                        "geometry": {
                            "type": "Polygon",
                            "coordinates": [
                                [[113.584376, 34.635563], [113.590398, 34.63635],
                                 [113.590983, 34.638128], [113.593241, 34.646068],
                                 [113.592023, 34.645962], [113.587328, 34.645468],
                                 [113.584376, 34.635563]]
                            ],
                        },
                    }
                ],
            }
        }
    )  # fmt: skip

    type: Literal["FeatureCollection"]
    features: Annotated[list[ImportedFeature], Field(min_length=1, max_length=50_000)]
    crs: dict[str, Any] | None = None


class Import(_Body):
    """A whole import, as it is decided."""

    level: str
    grids: ImportedGrids
