"""Which small counts to leave out, and which others, so that none of them can be computed."""

from service_kit.suppression.network import TOTAL
from service_kit.suppression.tables import left_out
from service_kit.suppression.trees import (
    THRESHOLD,
    UNLIMITED,
    Range,
    Tree,
    bounds,
    hidden,
    narrowed,
    sums,
)

__all__ = [
    "THRESHOLD",
    "TOTAL",
    "UNLIMITED",
    "Range",
    "Tree",
    "bounds",
    "hidden",
    "left_out",
    "narrowed",
    "sums",
]
