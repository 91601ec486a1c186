"""What a phone keeps of the field pages, so that they open without a network."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NAMES = (
    "console.css", "staff.css", "field.css", "leaflet.css", "leaflet.js", "htmx.min.js", "idb.js",
    "times.js", "live.js", "leave.js", "where.js", "photo.js", "filter.js", "once.js",
    "icons.svg", "mark.svg", "field_fate.js", "field_store.js", "field_send.js", "field_list.js",
    "field_app.js", "field_mend.js", "field_report.js", "field_near.js", "field_visit.js",
    "field-192.png", "case_map.js",
)  # fmt: skip
"""The files that those pages load."""
ICONS: Mapping[str, str] = {"field-192.png": "192x192", "field-512.png": "512x512"}
OUTLINES = "/map/grids.geojson"
SCOPE = "/staff/field"


@dataclass(frozen=True)
class Shell:
    """``files`` are the addresses of the files, ``away`` what is shown in place of a page that
    was not kept, by language."""

    files: Sequence[str]
    away: Mapping[str, str]

    @property
    def version(self) -> str:
        """Differs when any file does: their addresses hold the hash of their content."""
        return hashlib.sha256("\n".join(self.files).encode()).hexdigest()[:12]

    def said(self) -> dict[str, Any]:
        """As the service worker reads it."""
        return {
            "version": self.version, "files": list(self.files), "away": dict(self.away),
            "outlines": OUTLINES, "scope": SCOPE,
        }  # fmt: skip


def manifest(
    name: str, short: str, tag: str, start: str, icons: Mapping[str, str]
) -> dict[str, Any]:
    """The web app manifest; ``icons`` are addresses by size."""
    return {
        "id": SCOPE, "name": name, "short_name": short, "lang": tag, "scope": SCOPE,
        "start_url": start, "display": "standalone", "orientation": "portrait",
        "background_color": "#0b6b61", "theme_color": "#0b6b61",
        "icons": [
            {"src": src, "sizes": sizes, "type": "image/png", "purpose": "any maskable"}
            for sizes, src in icons.items()
        ],
    }  # fmt: skip
