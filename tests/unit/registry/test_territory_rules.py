"""Whatever is split, merged, drawn anew and moved: nobody's time overlaps, no ground is lost."""

from itertools import pairwise

import pytest
import shapely
from hypothesis import currently_in_test_context, given, note, settings
from hypothesis import strategies as st
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from case_contracts.events.registry import GridPublished, GridRetired, PostingStarted
from case_contracts.values import Text
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from registry.domain.territory.merging import Into, merge
from registry.domain.territory.moving import move
from registry.domain.territory.outlined import geojson
from registry.domain.territory.planning import Draw
from registry.domain.territory.reshaping import Drawn, reshape
from registry.domain.territory.sketch import place
from registry.domain.territory.splitting import Part, split
from registry.domain.territory.standing import Standing
from service_kit.grids import GridIndex
from tests.unit.registry.land import Known, apply, day, draw, halves, land, territory

NAME = Text(zh="新", en="New")
FIRST = land()
WHOLE = shapely.area(territory(FIRST, 0).outline("41"))
picks = st.integers(0, 10_000)
steps = st.tuples(
    st.sampled_from(["split", "merge", "redraw", "move"]), picks, picks, st.booleans(),
    st.sampled_from([0.25, 0.5, 0.75]), st.integers(0, 4),
)  # fmt: skip
Step = tuple[str, int, int, bool, float, int]


def wanted(step: Step, now: Standing, number: int) -> Draw | None:
    """The change that a drawn step stands for in this territory; None where it has none."""
    kind, one, two, upright, share, _ = step
    inner = sorted(code for code in now.grids if code != "41")
    code = inner[one % len(inner)]
    grid = now.grid(code)
    assert grid is not None
    siblings = [each for each in now.children[grid.parent or ""] if each != code]
    cut = halves(now.outline(code), upright=upright, share=share)
    if kind == "split":
        parts = [Part(f"n{number}-{n}", NAME, each) for n, each in enumerate(cut)]
        return lambda sketch: split(sketch, code, parts)
    if kind == "move":
        level = now.grid(grid.parent or "")
        targets = [c for c in inner if level and now.grid(c).level == level.level]  # type: ignore[union-attr]
        return lambda sketch: move(sketch, code, targets[two % len(targets)]) if targets else None
    if not siblings:
        return None
    other = siblings[two % len(siblings)]
    if kind == "merge":
        into = Into(code if upright else f"n{number}")
        return lambda sketch: merge(sketch, [code, other], into)
    if len(cut) < 2:
        return None
    kept, given = cut
    joined = geojson(shapely.union_all([now.outline(other), shape(given)]))
    drawn = [Drawn(code, place(0), kept), Drawn(other, place(1), joined)]
    return lambda sketch: reshape(sketch, drawn)


def carried_out(taken: list[Step]) -> tuple[Known, set[int]]:
    """All that is published after the steps that are not refused; and the days they are for."""
    known: Known = {key: list(events) for key, events in FIRST.items()}
    today, days = 1, {0}
    for number, step in enumerate(taken):
        at = today + 1 + step[-1]
        change = wanted(step, territory(known, at), number)
        if change is None:
            continue
        found = draw(known, at, change, now=today)
        said(f"{step} {[e.message for e in found.plan.errors]}")
        if not found.plan.errors:
            apply(known, found.plan)
            days |= {at - 1, at, at + 1}
        today += 1
    return known, days


def said(line: str) -> None:
    if currently_in_test_context():
        note(line)


def check_leaves(known: Known, at: int) -> None:
    """The lowest grids of the day cover the district and every grid above them, each once."""
    then = territory(known, at)
    leaves = [code for code in then.grids if not then.children.get(code)]
    outlines = [then.outline(code) for code in leaves]
    assert sum(each.area for each in outlines) == close(WHOLE), "no ground has two grids"
    assert shapely.area(shapely.union_all(outlines)) == close(WHOLE), "none has none"
    for code, children in then.children.items():
        below = shapely.union_all([then.outline(child) for child in children])
        assert differing(below, then.outline(code)) < 1e-9 * WHOLE, code
    for code in then.grids:
        grid = then.grid(code)
        assert grid is not None
        above = then.grid(grid.parent) if grid.parent else None
        assert grid.path == ((*above.path, above.grid) if above else ())


def close(area: float) -> object:
    return pytest.approx(area, rel=1e-9)


def differing(one: BaseGeometry, other: BaseGeometry) -> float:
    return float(shapely.area(shapely.symmetric_difference(one, other)))


def check_times(known: Known) -> None:
    """No code and no posting has two validities at a time."""
    for aggregate, events in known.items():
        kind = KINDS[aggregate.partition(":")[0]]
        if kind.name not in ("grid", "posting"):
            continue
        spans = standing(kind, events)
        assert all(span.start < span.end for span in spans)
        assert all(before.end <= after.start for before, after in pairwise(spans))


def check_people(known: Known) -> None:
    """Nobody is posted to a grid that is not there, and a place has one grid."""
    grids = [e for key, events in known.items() if key.startswith("grid:") for e in events]
    index = GridIndex.build(e for e in grids if isinstance(e, GridPublished | GridRetired))
    for aggregate, events in known.items():
        if aggregate.startswith("posting:"):
            for span in standing(KINDS["posting"], events):
                assert isinstance(span.data, PostingStarted)
                assert index.known(span.data.grid, span.start)
    for at in (0, 5, 30):
        [hit] = index.at(113 + 3.3 / 64, 34 + 2.7 / 64, day(at))
        assert not hit.on_border


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, min_size=1, max_size=6))
def test_no_ground_is_lost_and_no_times_overlap(taken: list[Step]) -> None:
    known, days = carried_out(taken)
    check_times(known)
    check_people(known)
    for at in days:
        check_leaves(known, at)


def test_the_steps_do_something() -> None:
    """What the rules above are tried on is not all refused."""
    plain: list[Step] = [
        ("split", 2, 0, True, 0.5, 0), ("merge", 9, 0, True, 0.5, 0),
        ("redraw", 8, 1, True, 0.25, 0), ("move", 9, 1, True, 0.5, 0),
    ]  # fmt: skip
    assert len(carried_out(plain)[1]) >= 6
    published = [e for events in FIRST.values() for e in events if isinstance(e, GridPublished)]
    assert len(published) == 15
