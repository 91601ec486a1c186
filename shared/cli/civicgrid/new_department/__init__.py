"""A department's own service, written to begin with: ``civicgrid new-department NAME``."""

from civicgrid.new_department.writing import NewDepartmentError, written

__all__ = ["NewDepartmentError", "written"]
