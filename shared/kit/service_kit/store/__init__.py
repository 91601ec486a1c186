"""The commit store: decide, commit, publish. Written once, used by every service."""

from service_kit.store.committer import Committer
from service_kit.store.model import (
    Actor,
    Aggregate,
    Commit,
    Context,
    Decision,
    Loaded,
    Occurred,
    Outcome,
    Work,
)

__all__ = [
    "Actor",
    "Aggregate",
    "Commit",
    "Committer",
    "Context",
    "Decision",
    "Loaded",
    "Occurred",
    "Outcome",
    "Work",
]
