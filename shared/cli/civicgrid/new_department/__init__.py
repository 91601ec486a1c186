"""A department's own service, written to begin with: ``civicgrid new-department NAME``."""

from civicgrid.new_department.writing import Charter, NewDepartmentError, written

__all__ = ["Charter", "NewDepartmentError", "written"]
