"""Refusals of intake, each with its stable code."""

from service_kit.errors import CivicError, NotYet


class DistrictNotLoaded(NotYet):
    """The registry has published no district yet, or its grids and standard are on their way."""

    status, code = 503, "district_not_loaded"


class Erased(CivicError):
    """It was kept once; its key is destroyed, and with it what it said."""

    status, code = 410, "erased"
