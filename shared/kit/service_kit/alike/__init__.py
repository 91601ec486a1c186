"""Which reports are about one problem: what is near in place and time, and how alike that is.

Pure and in memory: exact places are the vault's, and nowhere else in clear.
"""

from service_kit.alike.index import Nearby
from service_kit.alike.judging import DEFAULT_RULES, STAFF, certain, rule_for
from service_kit.alike.likeness import Alike, Located, compare, metres_between

__all__ = [
    "DEFAULT_RULES",
    "STAFF",
    "Alike",
    "Located",
    "Nearby",
    "certain",
    "compare",
    "metres_between",
    "rule_for",
]
