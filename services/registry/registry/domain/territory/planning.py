"""A change of the territory, planned: its own rules first, then those of everything that stands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from case_contracts.district import DistrictError
from registry.domain.plan import Plan, Published, plan_part
from registry.domain.territory.picture import Seen, picture
from registry.domain.territory.sketch import Sketch, place
from registry.domain.territory.standing import Standing, standing_at
from registry.domain.validation.findings import Findings
from registry.domain.validation.ground import Checks

Draw = Callable[[Sketch], None]


@dataclass(frozen=True)
class Redrawn:
    """The plan, and the territory before and after it as a map shows it."""

    plan: Plan
    sketch: Sketch

    @property
    def map(self) -> str | None:
        """The grids that the errors and warnings name."""
        return map_of(_seen_after(self.sketch), self.plan.errors, self.plan.warnings)


@dataclass(frozen=True)
class Decided:
    """When the change is to hold: ``when`` None is ``now``; and which codes change with it."""

    now: datetime
    when: datetime | None = None
    codes: Mapping[str, str] | None = None


def plan_territory(
    published: Published, district: str, decided: Decided, draw: Draw, checks: Checks | None = None
) -> Redrawn:
    """What comes of it: ``draw`` says what is wanted on a sketch of what stands then."""
    findings = Findings()
    when = decided.when or decided.now
    sketch = Sketch(standing_at(published, when), findings, decided.codes or {})
    if when < decided.now:
        findings.error("in_the_past", place("valid_from"),
                       f"{when.isoformat()} is past: cases of that time have their grids",
                       "leave valid_from out for now, or give a time to come")  # fmt: skip
    else:
        draw(sketch)
    if findings.errors:
        return Redrawn(Plan(errors=findings.errors, warnings=findings.warnings), sketch)
    plan = plan_part(sketch.part(), published, district, checks)
    plan.warnings = [*findings.warnings, *plan.warnings]
    return Redrawn(plan, sketch)


def map_of(
    seen: Seen, errors: Iterable[DistrictError], warnings: Iterable[DistrictError]
) -> str | None:
    """The map of the grids that are named; None where there are none."""
    wrong = [code for each in errors for code in each.grids]
    return picture(seen, wrong, [code for each in warnings for code in each.grids])


def seen_of(standing: Standing) -> Seen:
    """What stands, as a map shows it."""
    grids = {code: grid for code in standing.grids if (grid := standing.grid(code))}
    outlines = {code: usable(grid.geometry) for code, grid in grids.items()}
    return Seen(
        {code: outline for code, outline in outlines.items() if outline is not None},
        {code: grid.parent for code, grid in grids.items()},
    )


def _seen_after(sketch: Sketch) -> Seen:
    """What stands, and what is drawn anew in its place."""
    seen = seen_of(sketch.standing)
    outlines, parents = dict(seen.outlines), dict(seen.parents)
    for code, raw in sketch.grids.items():
        outline = usable(raw.value["geometry"]) if raw.value["valid_to"] is None else None
        if outline is not None:
            outlines[code], parents[code] = outline, raw.value["parent"]
    return Seen(outlines, parents)


def usable(geometry: Mapping[str, Any]) -> BaseGeometry | None:
    try:
        found: BaseGeometry = shape(dict(geometry))
    except (TypeError, ValueError, KeyError, AttributeError):
        return None
    return None if found.is_empty else found
