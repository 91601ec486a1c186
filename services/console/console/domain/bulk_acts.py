"""What can be done to many cases at once: the same forms as for one, without words."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from console.domain.case_acts import BY_STEP, Act
from console.domain.case_bodies import Fields, body_of

BulkAction = Literal["press", "assign", "extend", "link"]
ACTIONS: tuple[BulkAction, ...] = get_args(BulkAction)
MOST = 500
_STEPS: Mapping[BulkAction, str] = {
    "press": "press", "assign": "reassign", "extend": "extend", "link": "merge",
}  # fmt: skip


def act_of(action: BulkAction) -> Act:
    """The form: the case's own without words, and without naming one post for all."""
    act = BY_STEP[_STEPS[action]]
    fields = tuple(each for each in act.fields if each.kind not in ("words", "post"))
    return Act(act.step, "/cases/bulk", fields, {"action": action}, bulk=True, danger=act.danger)


def bulk_body(
    action: BulkAction, cases: Sequence[str], sent: Fields, zone: ZoneInfo, *, dry_run: bool
) -> dict[str, Any]:
    """Raises Unsaid."""
    body = body_of(act_of(action), sent, zone, {"case": ""})
    return {**body, "cases": list(cases), "dry_run": dry_run}
