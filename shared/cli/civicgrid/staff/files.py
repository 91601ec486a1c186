"""The file of a run's sample people, which the development issuer reads."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter

from case_contracts.values import Point
from civicgrid.deployment.services import PEOPLE
from civicgrid.district_dir import read_district
from civicgrid.local.private import write_private
from civicgrid.reports_file import REPORTS, ReportLine, read_reports
from civicgrid.staff.chosen import SamplePerson, chosen

MOST_REPORTS = 2000
"""So many show where most come from."""
_ROWS = TypeAdapter(list[SamplePerson])


def write_people(folder: Path, directory: Path) -> Sequence[SamplePerson]:
    """Choose some of the district's people, now that it is loaded, and keep them with the run.
    Without reports beside it the first unit grids are as good as any."""
    people = chosen(read_district(directory), _places(directory / REPORTS))
    write_private(folder / PEOPLE, _ROWS.dump_json(people, indent=1).decode())
    return people


def people_here(folder: Path) -> Sequence[SamplePerson]:
    """Those of the run; nobody where no district is loaded."""
    file = folder / PEOPLE
    return _ROWS.validate_json(file.read_bytes()) if file.is_file() else []


def _places(reports: Path) -> Iterator[Point]:
    if reports.is_file():
        for line in islice(read_reports(reports), MOST_REPORTS):
            if isinstance(line, ReportLine) and line.point is not None:
                yield line.point
