"""From an operator's form to what intake takes about a call. Pure."""

from typing import Any

from console.domain.case_bodies import Fields, Unsaid

OUTCOMES = ("reached", "not_reached", "wrong_number", "declined")
SCORES = ("1", "2", "3", "4", "5")


def call_of(sent: Fields) -> dict[str, Any]:
    """How the call went. What was answered counts only of somebody who was reached, and whether it
    is solved and how satisfied they are only together. Raises Unsaid."""
    outcome = _one(sent, "outcome")
    if outcome not in OUTCOMES:
        raise Unsaid("outcome")
    if outcome != "reached":
        return {"outcome": outcome}
    again = {"wants_reopening": True} if _one(sent, "wants_reopening") == "yes" else {}
    return {"outcome": outcome, **_rating(sent), **again}


def _rating(sent: Fields) -> dict[str, Any]:
    solved, score = _one(sent, "solved"), _one(sent, "score")
    if not solved and not score:
        return {}
    if solved not in ("yes", "no"):
        raise Unsaid("solved")
    if score not in SCORES:
        raise Unsaid("score")
    return {"solved": solved == "yes", "score": int(score)}


def _one(sent: Fields, name: str) -> str:
    return (sent.get(name) or [""])[0].strip()
