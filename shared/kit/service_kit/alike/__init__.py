"""Which reports are about one problem: what is near in place and time, and how alike that is.

Pure and in memory: exact places are the vault's, and nowhere else in clear.
"""

from service_kit.alike.index import Nearby
from service_kit.alike.likeness import Alike, Located, compare, metres_between

__all__ = ["Alike", "Located", "Nearby", "compare", "metres_between"]
