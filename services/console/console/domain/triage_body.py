"""From a reviewer's form to what intake takes. Pure."""

from typing import Any

from console.domain.case_bodies import CODE, REFERENCE, Fields, Unsaid

REJECTIONS = ("condition_not_met", "out_of_scope", "not_understandable")
MOST_LETTERS = 400


def judgement_of(sent: Fields) -> dict[str, Any]:
    """Filed as a ``condition`` (``<matter> <code>``) perhaps in a ``grid``, or rejected for a
    reason, perhaps with where to turn to, in both languages. Raises Unsaid."""
    if _one(sent, "word") == "reject":
        return _rejected(sent)
    matter, _, condition = _one(sent, "condition").partition(" ")
    if not REFERENCE.match(matter) or not CODE.match(condition):
        raise Unsaid("condition")
    grid = _one(sent, "grid")
    if grid and not REFERENCE.match(grid):
        raise Unsaid("grid")
    return {"matter": matter, "condition": condition, **({"grid": grid} if grid else {})}


def _rejected(sent: Fields) -> dict[str, Any]:
    reason = _one(sent, "reject")
    if reason not in REJECTIONS:
        raise Unsaid("reject")
    turn_to = {tongue: _one(sent, f"turn_{tongue}")[:MOST_LETTERS] for tongue in ("zh", "en")}
    if not any(turn_to.values()):
        return {"reject": reason}
    for tongue, said in turn_to.items():
        if not said:
            raise Unsaid(f"turn_{tongue}")
    return {"reject": reason, "turn_to": turn_to}


def _one(sent: Fields, name: str) -> str:
    return (sent.get(name) or [""])[0].strip()
