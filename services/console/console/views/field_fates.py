"""What a phone says of the items that it keeps: how far they are, what became of them, and why
they were not taken."""

from collections.abc import Mapping
from typing import Protocol


class Labels(Protocol):
    """The labels of one language."""

    def __call__(self, key: str, **values: object) -> str: ...


REASONS = (
    "outside_district", "not_in_standard", "condition_not_in_standard", "condition_needed",
    "condition_not_met", "out_of_scope", "not_understandable",
)  # fmt: skip
"""Why intake opens no case of a report."""
CODES = (
    "invalid", "made_in_future", "made_too_long_ago", "idempotency_key_reused", "kind_unknown",
    "off_shift", "not_your_grid", "not_consented", "unknown_group", "unknown_grid", "other",
)  # fmt: skip
"""Why intake takes nothing of an item; ``other`` for all else."""
PHOTO_CODES = (
    "too_large", "unsupported_type", "type_mismatch", "unreadable", "too_many_pixels",
    "too_many_frames", "evidence_full", "withdrawn",
)  # fmt: skip
"""Why the photo of a report that was taken is not."""
PARTS = ("what", "place", "text")
"""What can be wrong in the form of a report."""
PLAIN: Mapping[str, str] = {
    "waiting": "field.state.waiting", "photo": "field.state.photo",
    "refused": "field.state.refused", "mended": "field.state.mended",
    "received": "field.fate.received", "repeated": "field.fate.received",
    "rejected": "field.fate.rejected", "reviewed": "field.fate.waiting",
    "receipt": "field.receipt", "no_photo": "field.no_photo",
    "how_offline": "field.how.offline", "how_away": "field.how.away",
    "how_login": "field.how.login", "how_refused": "problem.forbidden",
    "how_sent": "field.how.sent", "code_missing_right": "problem.forbidden",
}  # fmt: skip


def words(labels: Labels) -> dict[str, str]:
    """By the names that the page's scripts use; what stands in braces is theirs to fill."""
    return {
        **{name: labels(key) for name, key in PLAIN.items()},
        **{f"reason_{each}": labels(f"field.rejected.{each}") for each in REASONS},
        **{f"code_{each}": labels(f"field.code.{each}") for each in CODES},
        **{f"code_{each}": labels(f"problem.{each}") for each in PHOTO_CODES},
        **{f"part_{each}": labels(f"field.part.{each}") for each in PARTS},
        "others": labels("field.others", count="{count}"),
        "parts": labels("field.parts_wrong", parts="{parts}"),
        "drop": labels("field.drop.ask", what="{what}"),
    }
