"""What a district directory says about itself, read without loading it."""

from pathlib import Path

from civicgrid.district_dir import read_district


def district_of(directory: Path) -> str:
    """The district's id. Raises DistrictUnreadableError."""
    return str(read_district(directory).head.value["district"])


def departments_of(directory: Path) -> tuple[str, ...]:
    """The departments' ids. Raises DistrictUnreadableError."""
    return tuple(str(each.value["department"]) for each in read_district(directory).departments)
