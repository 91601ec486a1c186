"""A district of one street and two unit grids, as the files that people edit."""

import tempfile
from pathlib import Path

from case_contracts.district import DistrictBundle
from civicgrid.district_dir import read_district


def feature(grid: str, parent: str | None, west: float, east: float, more: str = "") -> str:
    above = f'"{parent}"' if parent else "null"
    ring = [[west, 34], [east, 34], [east, 35], [west, 35], [west, 34]]
    names = f'"name_zh":"{grid}","name_en":"{grid}"{more}'
    return (
        f'{{"type":"Feature","properties":{{"grid":"{grid}","parent":{above},{names}}},'
        f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    )


def collection(*features: str) -> str:
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


DISTRICT = "lanhe"
HEAD = """\
district: lanhe
name: {zh: 兰河区, en: Lanhe}
levels: [district, street, unit]
root_grid: '41'
zone: Asia/Shanghai
calendar: lanhe-work
standard: lanhe
valid_from: '2026-01-01T00:00:00+08:00'
departments:
- department: roads
  name: {zh: 道路局, en: Roads}
- department: water
  name: {zh: 水务局, en: Water}
admissions:
- matter: event/street/litter
  proposed_by: roads
  reviewed_by: p-1
"""
CALENDAR = """\
calendar: lanhe-work
version: 1
zone: Asia/Shanghai
weekdays:
  '1': [{start: '08:00', end: '12:00'}, {start: '14:00', end: '18:00'}]
exceptions:
- day: '2026-01-01'
"""
STANDARD = """\
standard: lanhe
version: 1
calendar: {id: lanhe-work, version: 1}
matters:
- code: part/roads/pothole
  matter_class: part
  name: {zh: 坑洞, en: Pothole}
  default_condition: deep
  conditions:
  - code: deep
    name: {zh: 深, en: Deep}
    closing: {zh: 填平, en: Filled}
    handle: {amount: 2, unit: working_days}
- code: event/street/litter
  matter_class: event
  name: {zh: 垃圾, en: Litter}
  conditions:
  - code: heap
    name: {zh: 堆, en: Heap}
    closing: {zh: 清理, en: Removed}
"""
CHARTERS = """\
- charter: charter:roads
  version: 1
  department: roads
  matters: [part/roads/*]
  grid: '41'
  role: lead
  powers: [repair]
  legal_basis: list 2026, no. 1
  approved_by: [p-1, p-2]
- charter: charter:water
  version: 1
  department: water
  matters: [event/street/litter]
  grid: '4101'
  role: support
  powers: [inspect]
  legal_basis: list 2026, no. 2
  approved_by: [p-1, p-2]
"""
POSTINGS = """\
posting,person,role,grid,accountable,shifts,valid_from,valid_to
posting:410101:1,p-3,worker,410101,true,1-5 08:00-18:00,,
posting:410102:1,p-4,worker,410102,true,,,
"""
PORTFOLIOS = """\
portfolio,person,departments,matters,grid,valid_from,valid_to
portfolio:p-1,p-1,roads,part/*,41,,
"""
FILES = {
    "district.yaml": HEAD,
    "calendar.yaml": CALENDAR,
    "standard.yaml": STANDARD,
    "charters.yaml": CHARTERS,
    "postings.csv": POSTINGS,
    "portfolios.csv": PORTFOLIOS,
    "grids/district.geojson": collection(feature("41", None, 113, 115)),
    "grids/street.geojson": collection(feature("4101", "41", 113, 115)),
    "grids/unit.geojson": collection(
        feature("410101", "4101", 113, 114), feature("410102", "4101", 114, 115)
    ),
}


def edited(file: str, old: str, new: str, files: dict[str, str] | None = None) -> dict[str, str]:
    """The files with one passage replaced, which must be there."""
    texts = files or FILES
    assert old in texts[file], f"{old!r} is not in {file}"
    return {**texts, file: texts[file].replace(old, new, 1)}


def line_of(files: dict[str, str], file: str, marker: str) -> int:
    """The line (from 1) on which the marker last stands."""
    lines = files[file].splitlines()
    return max(n for n, line in enumerate(lines, 1) if marker in line)


def bundle(files: dict[str, str] | None = None) -> DistrictBundle:
    """The district as the command line reads it from these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (files or FILES).items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return read_district(Path(folder))
