"""Every event that civicgrid's services publish, by owner."""

from case_contracts.events import assessment, dispatch, intake, joint, notification, registry
from case_contracts.events.base import EventData, EventSpec

__all__ = [
    "EventData",
    "EventSpec",
    "assessment",
    "dispatch",
    "intake",
    "joint",
    "notification",
    "registry",
]
