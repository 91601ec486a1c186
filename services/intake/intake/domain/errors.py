"""Refusals of intake, each with its stable code."""

from service_kit.errors import NotYet


class DistrictNotLoaded(NotYet):
    """The registry has published no district yet, or its grids and standard are on their way."""

    status, code = 503, "district_not_loaded"
