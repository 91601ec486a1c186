"""A district as a directory of files that people edit: reading and writing it.

``district.yaml`` (name, levels, zone, departments, admissions, commitments),
``grids/<level>.geojson``, ``postings.csv``, ``portfolios.csv``, ``charters.yaml``,
``standard.yaml``, ``calendar.yaml``.
"""

from civicgrid.district_dir.problems import DistrictUnreadableError, describe
from civicgrid.district_dir.read import read_district
from civicgrid.district_dir.write import raw, write_district

__all__ = ["DistrictUnreadableError", "describe", "raw", "read_district", "write_district"]
