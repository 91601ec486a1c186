"""Writes the sample district: the same seed always becomes the same bytes."""

from pathlib import Path
from random import Random

from case_contracts.district import DistrictBundle, Raw
from civicgrid.district_dir import raw, write_district
from civicgrid.district_dir.presets import CHINA_15
from civicgrid.reports_file import REPORTS, write_lines
from civicgrid.rules_files import INTAKE, SUPERVISION, write_rules
from civicgrid.sample import people, powers, rules, standard
from civicgrid.sample.layout import LEVELS, ROOT, Node, plan
from civicgrid.sample.names import DISTRICT, names
from civicgrid.sample.outline import Outlines
from civicgrid.sample.reports import Reporters

SEED = 410199
FEWEST, MOST = 100, 250
VALID_FROM = "2026-01-01T00:00:00+08:00"


def generate(out: Path, seed: int = SEED) -> None:
    """Write the district's files and ``reports.ndjson`` into the folder ``out``."""
    random = Random(seed)
    root = plan(random)
    outlines = Outlines(root)
    rows, holders = standard.matters(), people.postings(root)
    bundle = DistrictBundle(
        head=raw(_head()),
        departments=[raw(value) for value in powers.departments()],
        grids=_grids(root, outlines, random),
        postings=[raw(value) for value in holders],
        portfolios=[raw(value) for value in people.portfolios(holders)],
        charters=[raw(value) for value in powers.charters()],
        admissions=[raw(value) for value in standard.admissions(rows)],
        standard=raw(standard.standard(rows)),
        calendar=raw(standard.calendar()),
    )
    write_district(bundle, out)
    write_rules(INTAKE, rules.RULES, out)
    write_rules(SUPERVISION, rules.SUPERVISION_RULES, out)
    reporters = Reporters(root, outlines, rows, holders, random)
    write_lines(out / REPORTS, reporters.reports())


def _head() -> dict[str, object]:
    return {
        "district": "lanhe",
        "name": DISTRICT,
        "levels": list(LEVELS),
        "root_grid": ROOT,
        "zone": "Asia/Shanghai",
        "calendar": standard.CALENDAR,
        "standard": standard.STANDARD,
        "codes": dict(zip(LEVELS, CHINA_15[len(LEVELS)], strict=True)),
        "households": {"unit": {"least": FEWEST, "most": MOST}},
        "team": people.TEAM,
        "roles": people.ROLES,
        "valid_from": VALID_FROM,
    }


def _grids(root: Node, outlines: Outlines, random: Random) -> list[Raw]:
    named, households = names(root, random), _households(root, random)
    return [
        raw(
            {
                "grid": node.code,
                "level": level,
                "parent": node.parent.code if node.parent else None,
                "name": named[node.code],
                "households": households[node.code],
                "geometry": outlines.polygon(node.rect),
            }
        )
        for level in LEVELS
        for node in root.at(level)
    ]


def _count(random: Random) -> int:
    """Within the range of a unit grid."""
    return FEWEST + (random.randint(90, 420) - 90) * (MOST - FEWEST) // 330


def _households(root: Node, random: Random) -> dict[str, int]:
    """Counts per unit grid, summed upwards."""
    counts = {unit.code: _count(random) for unit in root.at("unit")}
    for level in reversed(LEVELS[:-1]):
        for node in root.at(level):
            counts[node.code] = sum(counts[child.code] for child in node.children)
    return counts
