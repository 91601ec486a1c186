"""Write a district into a directory, in the form that ``read_district`` reads."""

from pathlib import Path
from typing import Any

import yaml

from case_contracts.district import DistrictBundle, Item, Origin, Raw
from civicgrid.district_dir.geojson import write_grids
from civicgrid.district_dir.read import CALENDAR, CHARTERS, HEAD, STANDARD
from service_kit.reading.tables import PORTFOLIOS, POSTINGS, write_table


def raw(value: dict[str, Any], file: str = "generated") -> Raw:
    """A value that comes from a program and not from a file."""
    return Item(origin=Origin(file=file), value=value)


def write_district(bundle: DistrictBundle, directory: Path) -> None:
    """Write ``bundle``; the same bundle always becomes the same bytes.

    ``valid_from`` is left out where it is the district's. Files of the same names are replaced.
    """
    since = bundle.head.value.get("valid_from")
    files = _texts(bundle, since)
    (directory / "grids").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (directory / name).write_text(text, encoding="utf-8", newline="\n")


def _texts(bundle: DistrictBundle, since: Any) -> dict[str, str]:
    head = {
        **bundle.head.value,
        "departments": [item.value for item in bundle.departments],
        "admissions": [_brief(item, since).value for item in bundle.admissions],
    }
    if bundle.commitments:
        head["commitments"] = [item.value for item in bundle.commitments]
    levels = {
        f"grids/{level}.geojson": write_grids(
            [_brief(grid, since) for grid in bundle.grids if grid.value["level"] == level]
        )
        for level in bundle.head.value["levels"]
    }
    return levels | {
        HEAD: _yaml(head),
        CHARTERS: _yaml([_brief(charter, since).value for charter in bundle.charters]),
        STANDARD: _yaml(_brief(bundle.standard, since).value),
        CALENDAR: _yaml(_brief(bundle.calendar, since).value),
        POSTINGS: write_table(POSTINGS, [_brief(item, since) for item in bundle.postings]),
        PORTFOLIOS: write_table(PORTFOLIOS, [_brief(item, since) for item in bundle.portfolios]),
    }


def _brief(item: Raw, since: Any) -> Raw:
    if since is None or item.value.get("valid_from") != since:
        return item
    value = {key: part for key, part in item.value.items() if key != "valid_from"}
    return Item(origin=item.origin, value=value)


class _Plain(yaml.SafeDumper):
    """Writes the same list out each time instead of pointing back to it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(value: Any) -> str:
    return yaml.dump(
        value,
        Dumper=_Plain,
        default_flow_style=None,
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )
