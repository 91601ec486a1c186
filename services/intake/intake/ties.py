"""Who is under whom, as the registry publishes it: what complains of somebody is hidden from them.

Grids and postings are among the mirrors that intake has in any case.
"""

from service_kit.events.ties import LEADING, TIES

__all__ = ["TIES", "TIES_MIRRORS"]

TIES_MIRRORS = LEADING
