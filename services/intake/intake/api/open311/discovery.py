"""Service discovery: where this district's Open311 is, in which formats, and how to get a key."""

from typing import Any

from intake.api.open311.asking import Asking
from intake.domain import open311_labels as labels
from service_kit import clock

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def discovery(asking: Asking, base_url: str) -> dict[str, Any]:
    """``changeset`` is since when the standard in force holds: services change with it."""
    settings = asking.settings
    standard = asking.world.standard_at(clock.now())
    changed = standard.valid_from.strftime("%Y-%m-%d %H:%M")
    changeset = f"{changed} v{standard.version.version}"
    needed = settings.open311_key_required
    return {
        "changeset": changeset,
        "contact": settings.open311_contact or asking.label(labels.CONTACT),
        "key_service": asking.label(labels.KEY_NEEDED if needed else labels.KEY_SERVICE),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{(settings.open311_url or base_url).rstrip('/')}/open311/v2",
                "changeset": changeset,
                "type": settings.open311_type,
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
