"""From the form of a ruling to what dispatch takes. Pure."""

from typing import Any

from console.domain.case_bodies import CODE, MOST_WORDS, REFERENCE, Fields, Unsaid

REASONS = ("charter_lead", "grid_where_it_lies", "level_of_matter", "no_lead_department")
LEADS = ("department", "post")


def ruling_of(sent: Fields) -> dict[str, Any]:
    """Raises Unsaid."""
    found: dict[str, Any] = {"lead": _lead(_one(sent, "lead")), "reason": _one(sent, "reason")}
    if not CODE.match(found["reason"]):
        raise Unsaid("reason")
    if statement := _one(sent, "statement"):
        found["statement"] = statement[:MOST_WORDS]
    found["charters"] = [_charter(each) for each in sent.get("charters", ())]
    found["propose"] = _one(sent, "propose") == "yes"
    return found


def _one(sent: Fields, name: str) -> str:
    return (sent.get(name) or [""])[0].strip()


def _lead(said: str) -> dict[str, str]:
    """``department/<id>`` or ``post/<posting>``."""
    kind, _, of = said.partition("/")
    if kind not in LEADS or not REFERENCE.match(of):
        raise Unsaid("lead")
    return {kind: of}


def _charter(said: str) -> dict[str, Any]:
    """``<id>/<version>``: a version is the last thing in it."""
    of, _, version = said.rpartition("/")
    if not REFERENCE.match(of) or not version.isdigit():
        raise Unsaid("charters")
    return {"id": of, "version": int(version)}
