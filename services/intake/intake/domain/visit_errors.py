"""Refusals of visits and check-ins, each with its stable code."""

from service_kit.errors import Forbidden, Refused


class OffShift(Refused):
    """Nobody is located outside their shifts."""

    code = "off_shift"


class NotYourGrid(Forbidden):
    """The caller has no post there and does not visit there."""

    code = "not_your_grid"


class NotConsented(Refused):
    """The register knows of no consent of this household."""

    code = "not_consented"
