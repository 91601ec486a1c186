"""Sample people of a run: who can be chosen at the development issuer's page, and where they begin
in the pages."""

from civicgrid.staff.files import people_here, write_people
from civicgrid.staff.shown import show_people

__all__ = ["people_here", "show_people", "write_people"]
