"""Queues of the hotline: what came from reporters and waits for a person's word."""

from collections.abc import Mapping
from typing import Literal

Queue = Literal["triage", "callbacks", "links"]
QUEUES: Mapping[Queue, str] = {
    "triage": "triage.decide",
    "callbacks": "callbacks.make",
    "links": "links.decide",
}
"""Each with the right that opens it."""
