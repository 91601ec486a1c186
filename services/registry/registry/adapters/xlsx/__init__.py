"""A standard as a workbook: a sheet of conditions, a row each, and a sheet with its head."""

from registry.adapters.xlsx.read import Reading, read_standard
from registry.adapters.xlsx.write import write_standard

__all__ = ["Reading", "read_standard", "write_standard"]
